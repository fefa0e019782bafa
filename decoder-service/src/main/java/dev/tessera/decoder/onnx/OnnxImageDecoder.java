package dev.tessera.decoder.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;

import dev.tessera.decoder.DecoderException;
import dev.tessera.decoder.DecoderException.Reason;
import dev.tessera.decoder.ImageDecoder;
import dev.tessera.decoder.Picture;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A bundle's image decoder: one image at a time on each thread that calls, since a batch gains nothing. */
public final class OnnxImageDecoder implements ImageDecoder, AutoCloseable {
    private static final int CHANNELS = 3;

    private final OnnxGraph graph;
    private final Grid grid;
    private final int codebookSize;
    private final ImageSize size;

    private OnnxImageDecoder(OnnxGraph graph, BundleManifest manifest) {
        this.graph = graph;
        this.grid = manifest.grid();
        this.codebookSize = manifest.codebook().size();
        this.size = manifest.image();
    }

    /** @throws dev.tessera.inference.onnx.OnnxException when the graph is not one of that grid and image size */
    public static OnnxImageDecoder open(ModelBundle bundle, GraphOptions options) {
        return open(bundle.file(BundleFiles.IMAGE_DECODER), bundle.manifest(), options);
    }

    static OnnxImageDecoder open(Path graph, BundleManifest manifest, GraphOptions options) {
        return new OnnxImageDecoder(
                OnnxGraph.open(graph, signature(manifest.grid(), manifest.image()), options), manifest);
    }

    @Override
    public Picture decode(TokenGrid tokens) {
        return PixelBytes.picture(pixels(tokens), size.width(), size.height());
    }

    /** The network's output, 3 × height × width in about -1 to 1. */
    float[] pixels(TokenGrid tokens) {
        requireOfThisModel(tokens);
        try (TensorMemory memory = new TensorMemory()) {
            Tensor input = memory.int64(1, grid.rows(), grid.columns());
            Tensor output = memory.float32(1, CHANNELS, size.height(), size.width());
            LongBuffer ids = input.longs();
            for (int cell = 0; cell < grid.tokens(); cell++) {
                ids.put(cell, tokens.id(cell));
            }
            graph.run(Map.of("tokens", input), Map.of("pixels", output));
            float[] pixels = new float[output.elements()];
            output.floats().get(pixels);
            return pixels;
        }
    }

    @Override
    public void close() {
        graph.close();
    }

    private void requireOfThisModel(TokenGrid tokens) {
        if (tokens.rows() != grid.rows()
                || tokens.columns() != grid.columns()
                || tokens.codebookSize() != codebookSize) {
            throw new DecoderException(
                    Reason.GRID_MISMATCH,
                    tokens + " is not of this model, whose grid is " + grid.rows() + " x " + grid.columns() + " of "
                            + codebookSize);
        }
    }

    private static GraphSignature signature(Grid grid, ImageSize size) {
        return new GraphSignature(
                List.of(Port.int64("tokens", fixed(1), fixed(grid.rows()), fixed(grid.columns()))),
                List.of(Port.float32("pixels", fixed(1), fixed(CHANNELS), fixed(size.height()), fixed(size.width()))));
    }
}
