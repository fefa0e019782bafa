package dev.tessera.tokenizer.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import dev.tessera.tokenizer.PictureEncoder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A bundle's image encoder: bytes as numbers of -1 to 1 into its graph. */
public final class OnnxPictureEncoder implements PictureEncoder, AutoCloseable {
    private static final int CHANNELS = 3;
    private static final Dimension ONE = fixed(1);

    private final OnnxGraph graph;
    private final ImageSize size;
    private final Layout layout;

    private OnnxPictureEncoder(OnnxGraph graph, ImageSize size, Layout layout) {
        this.graph = graph;
        this.size = size;
        this.layout = layout;
    }

    /**
     * Opens the image encoder of a bundle that has one.
     *
     * @throws dev.tessera.inference.onnx.OnnxException when the graph is not one of that grid and image size
     */
    public static OnnxPictureEncoder open(ModelBundle bundle, GraphOptions options) {
        BundleManifest manifest = bundle.manifest();
        ImageSize size = manifest.encodedImage();
        Layout layout = layout(manifest);
        Port pixels = Port.float32("pixels", ONE, fixed(CHANNELS), fixed(size.height()), fixed(size.width()));
        var signature = new GraphSignature(List.of(pixels), List.of(layout.port()));
        return new OnnxPictureEncoder(
                OnnxGraph.open(bundle.file(BundleFiles.IMAGE_ENCODER), signature, options), size, layout);
    }

    private static Layout layout(BundleManifest manifest) {
        int codes = manifest.codebook().size();
        return switch (manifest.generator()) {
            case BundleManifest.NextTokenTransformer _, BundleManifest.MaskedTransformer _ ->
                new Layout.OneGrid(manifest.grid(), codes);
            case BundleManifest.NextScaleTransformer transformer -> new Layout.Scales(transformer.scales(), codes);
            case BundleManifest.WindowedTransformer transformer ->
                throw new IllegalArgumentException(manifest.name() + " edits no pictures");
        };
    }

    @Override
    public TokenGrid encode(byte[] rgb) {
        try (TensorMemory memory = new TensorMemory()) {
            Tensor pixels = memory.float32(1, CHANNELS, size.height(), size.width());
            fill(pixels.floats(), rgb);
            Tensor tokens = layout.tensor(memory);
            graph.run(Map.of("pixels", pixels), Map.of("tokens", tokens));
            return layout.grid(IntStream.range(0, tokens.elements())
                    .map(i -> Math.toIntExact(tokens.longs().get(i)))
                    .toArray());
        }
    }

    /** Colours one after the other, as the graph has them. */
    private static void fill(FloatBuffer pixels, byte[] rgb) {
        int area = rgb.length / CHANNELS;
        for (int i = 0; i < rgb.length; i++) {
            pixels.put(i % CHANNELS * area + i / CHANNELS, (rgb[i] & 0xFF) / 127.5f - 1);
        }
    }

    @Override
    public void close() {
        graph.close();
    }

    /** How a family's tokens come out of its graph. */
    private sealed interface Layout {
        Port port();

        Tensor tensor(TensorMemory memory);

        TokenGrid grid(int[] ids);

        /** int64 [1, rows, columns] */
        record OneGrid(Grid grid, int codes) implements Layout {
            @Override
            public Port port() {
                return Port.int64("tokens", ONE, fixed(grid.rows()), fixed(grid.columns()));
            }

            @Override
            public Tensor tensor(TensorMemory memory) {
                return memory.int64(1, grid.rows(), grid.columns());
            }

            @Override
            public TokenGrid grid(int[] ids) {
                return new TokenGrid(grid.rows(), grid.columns(), codes, ids);
            }
        }

        /** int64 [1, tokens of all scales] */
        record Scales(List<Integer> sides, int codes) implements Layout {
            @Override
            public Port port() {
                return Port.int64("tokens", ONE, fixed(tokens()));
            }

            @Override
            public Tensor tensor(TensorMemory memory) {
                return memory.int64(1, tokens());
            }

            @Override
            public TokenGrid grid(int[] ids) {
                return TokenGrid.ofScales(sides, codes, ids);
            }

            private int tokens() {
                return sides.stream().mapToInt(side -> side * side).sum();
            }
        }
    }
}
