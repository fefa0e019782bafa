package dev.tessera.tokenizer.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.WindowedTransformer;
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
    private final Layout layout;

    private OnnxPictureEncoder(OnnxGraph graph, Layout layout) {
        this.graph = graph;
        this.layout = layout;
    }

    /**
     * Opens the image encoder of a bundle that has one.
     *
     * @throws dev.tessera.inference.onnx.OnnxException when the graph is not one of that grid and image size
     */
    public static OnnxPictureEncoder open(ModelBundle bundle, GraphOptions options) {
        Layout layout = layout(bundle.manifest());
        var signature = new GraphSignature(List.of(layout.pixels()), List.of(layout.tokens()));
        return new OnnxPictureEncoder(
                OnnxGraph.open(bundle.file(BundleFiles.IMAGE_ENCODER), signature, options), layout);
    }

    private static Layout layout(BundleManifest manifest) {
        int codes = manifest.codebook().size();
        return switch (manifest.generator()) {
            case NextTokenTransformer _, MaskedTransformer _ ->
                new Layout.OneGrid(manifest.encodedImage(), manifest.grid(), codes);
            case NextScaleTransformer transformer ->
                new Layout.Scales(manifest.encodedImage(), transformer.scales(), codes);
            case WindowedTransformer transformer -> new Layout.AnyGrid(manifest, codes);
        };
    }

    @Override
    public TokenGrid encode(ImageSize size, byte[] rgb) {
        try (TensorMemory memory = new TensorMemory()) {
            Tensor pixels = memory.float32(1, CHANNELS, size.height(), size.width());
            fill(pixels.floats(), rgb);
            Tensor tokens = layout.tensor(memory, size);
            graph.run(Map.of("pixels", pixels), Map.of("tokens", tokens));
            int[] ids = IntStream.range(0, tokens.elements())
                    .map(i -> Math.toIntExact(tokens.longs().get(i)))
                    .toArray();
            return layout.grid(size, ids);
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

    private static Port pixels(Dimension height, Dimension width) {
        return Port.float32("pixels", ONE, fixed(CHANNELS), height, width);
    }

    /** What a family's graph takes, and how its tokens come out. */
    private sealed interface Layout {
        Port pixels();

        Port tokens();

        /** Of the tokens of a picture. */
        Tensor tensor(TensorMemory memory, ImageSize size);

        TokenGrid grid(ImageSize size, int[] ids);

        /** int64 [1, rows, columns] */
        record OneGrid(ImageSize only, Grid grid, int codes) implements Layout {
            @Override
            public Port pixels() {
                return OnnxPictureEncoder.pixels(fixed(only.height()), fixed(only.width()));
            }

            @Override
            public Port tokens() {
                return Port.int64("tokens", ONE, fixed(grid.rows()), fixed(grid.columns()));
            }

            @Override
            public Tensor tensor(TensorMemory memory, ImageSize size) {
                return memory.int64(1, grid.rows(), grid.columns());
            }

            @Override
            public TokenGrid grid(ImageSize size, int[] ids) {
                return new TokenGrid(grid.rows(), grid.columns(), codes, ids);
            }
        }

        /** int64 [1, rows, columns] of pictures of any size that the model makes. */
        record AnyGrid(BundleManifest model, int codes) implements Layout {
            @Override
            public Port pixels() {
                return OnnxPictureEncoder.pixels(free("height"), free("width"));
            }

            @Override
            public Port tokens() {
                return Port.int64("tokens", ONE, free("rows"), free("columns"));
            }

            @Override
            public Tensor tensor(TensorMemory memory, ImageSize size) {
                Grid grid = gridOf(size);
                return memory.int64(1, grid.rows(), grid.columns());
            }

            @Override
            public TokenGrid grid(ImageSize size, int[] ids) {
                Grid grid = gridOf(size);
                return new TokenGrid(grid.rows(), grid.columns(), codes, ids);
            }

            private Grid gridOf(ImageSize size) {
                return model.gridOf(size)
                        .orElseThrow(() -> new IllegalArgumentException(size + " is no size of " + model.name()));
            }
        }

        /** int64 [1, tokens of all scales] */
        record Scales(ImageSize only, List<Integer> sides, int codes) implements Layout {
            @Override
            public Port pixels() {
                return OnnxPictureEncoder.pixels(fixed(only.height()), fixed(only.width()));
            }

            @Override
            public Port tokens() {
                return Port.int64("tokens", ONE, fixed(count()));
            }

            @Override
            public Tensor tensor(TensorMemory memory, ImageSize size) {
                return memory.int64(1, count());
            }

            @Override
            public TokenGrid grid(ImageSize size, int[] ids) {
                return TokenGrid.ofScales(sides, codes, ids);
            }

            private int count() {
                return sides.stream().mapToInt(side -> side * side).sum();
            }
        }
    }
}
