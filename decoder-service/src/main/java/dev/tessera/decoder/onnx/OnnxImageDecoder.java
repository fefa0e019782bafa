package dev.tessera.decoder.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.decoder.DecoderException;
import dev.tessera.decoder.DecoderException.Reason;
import dev.tessera.decoder.ImageDecoder;
import dev.tessera.decoder.Picture;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.LatentPicture;
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
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.file.Path;
import java.util.List;

/** A bundle's image decoder: one image at a time on each thread that calls, since a batch gains nothing. */
public final class OnnxImageDecoder implements ImageDecoder, AutoCloseable {
    private static final int CHANNELS = 3;

    private final ImageNetwork network;
    private final List<Integer> scales;
    private final BundleManifest manifest;

    private OnnxImageDecoder(ImageNetwork network, List<Integer> scales, BundleManifest manifest) {
        this.network = network;
        this.scales = scales;
        this.manifest = manifest;
    }

    /** @throws dev.tessera.inference.onnx.OnnxException when a graph is not one of that grid and image size */
    public static OnnxImageDecoder open(ModelBundle bundle, GraphOptions options) {
        BundleManifest manifest = bundle.manifest();
        return switch (manifest.generator()) {
            case NextTokenTransformer _, MaskedTransformer _ ->
                open(bundle.file(BundleFiles.IMAGE_DECODER), manifest, options);
            case NextScaleTransformer transformer ->
                new OnnxImageDecoder(
                        LatentNetwork.open(bundle, pixels(manifest.image()), options), transformer.scales(), manifest);
            case WindowedTransformer transformer ->
                new OnnxImageDecoder(
                        TokenNetwork.ofAnySize(bundle.file(BundleFiles.IMAGE_DECODER), pixelsOfAnySize(), options),
                        List.of(),
                        manifest);
        };
    }

    static OnnxImageDecoder open(Path graph, BundleManifest manifest, GraphOptions options) {
        return new OnnxImageDecoder(
                TokenNetwork.open(graph, manifest, pixels(manifest.image()), options), List.of(), manifest);
    }

    @Override
    public Picture decode(Drawing drawing) {
        ImageSize size = size(drawing.tokens());
        return PixelBytes.picture(pixels(drawing), size.width(), size.height());
    }

    /** The network's output, 3 × height × width in about -1 to 1. */
    float[] pixels(Drawing drawing) {
        ImageSize size = size(drawing.tokens());
        if (drawing instanceof Drawing.Blended blended) {
            requireOfModel(blended.latent());
        }
        try (TensorMemory memory = new TensorMemory()) {
            Tensor output = memory.float32(1, CHANNELS, size.height(), size.width());
            network.run(drawing, output, memory);
            float[] pixels = new float[output.elements()];
            output.floats().get(pixels);
            return pixels;
        }
    }

    @Override
    public void close() {
        network.close();
    }

    /** @throws DecoderException when the tokens are not of this model */
    private ImageSize size(TokenGrid tokens) {
        Grid grid = manifest.finishedGrid();
        var size = new ImageSize(
                Math.multiplyExact(manifest.image().width() / grid.columns(), tokens.columns()),
                Math.multiplyExact(manifest.image().height() / grid.rows(), tokens.rows()));
        if (manifest.gridOf(size).isEmpty()
                || !tokens.scales().equals(scales)
                || tokens.codebookSize() != manifest.finishedCodebook().size()) {
            throw new DecoderException(
                    Reason.GRID_MISMATCH,
                    tokens + " is not of this model, whose grid is " + grid.rows() + " x " + grid.columns()
                            + (scales.isEmpty() ? "" : " after " + scales) + " of "
                            + manifest.finishedCodebook().size());
        }
        return size;
    }

    /** @throws DecoderException when only another model has such pictures */
    private void requireOfModel(LatentPicture latent) {
        int dimensions = manifest.codebook().dimensions();
        int side = manifest.grid().rows();
        if (scales.isEmpty() || latent.dimensions() != dimensions || latent.side() != side) {
            throw new DecoderException(Reason.GRID_MISMATCH, latent + " is not one of this model");
        }
    }

    private static Port pixelsOfAnySize() {
        return Port.float32("pixels", fixed(1), fixed(CHANNELS), free("height"), free("width"));
    }

    private static Port pixels(ImageSize size) {
        return Port.float32("pixels", fixed(1), fixed(CHANNELS), fixed(size.height()), fixed(size.width()));
    }
}
