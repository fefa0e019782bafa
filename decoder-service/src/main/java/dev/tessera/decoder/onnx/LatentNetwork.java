package dev.tessera.decoder.onnx;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.nextscale.LatentPictures;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A decoder that takes a latent picture: a blended one as it is, or one into which the tokens of all scales are put. */
final class LatentNetwork implements ImageNetwork {
    private final LatentPictures latents;
    private final OnnxGraph graph;

    private LatentNetwork(LatentPictures latents, OnnxGraph graph) {
        this.latents = latents;
        this.graph = graph;
    }

    static LatentNetwork open(ModelBundle bundle, Port pixels, GraphOptions options) {
        Port latent = LatentPictures.port("latent", bundle.manifest());
        return new LatentNetwork(
                LatentPictures.open(bundle, options.ofSmallGraph()),
                OnnxGraph.open(
                        bundle.file(BundleFiles.IMAGE_DECODER),
                        new GraphSignature(List.of(latent), List.of(pixels)),
                        options));
    }

    @Override
    public void run(Drawing drawing, Tensor pixels, TensorMemory memory) {
        Tensor latent = latents.blank(memory);
        switch (drawing) {
            case Drawing.OfTokens drawn -> refine(latent, drawn.tokens());
            case Drawing.Blended blended -> latent.floats().put(blended.latent().values());
        }
        graph.run(Map.of("latent", latent), Map.of("pixels", pixels));
    }

    private void refine(Tensor latent, TokenGrid tokens) {
        int[] ids = tokens.ids();
        int first = 0;
        for (int scale = 0; scale < tokens.scales().size(); scale++) {
            int side = tokens.scales().get(scale);
            latents.refine(latent, scale, Arrays.copyOfRange(ids, first, first + side * side));
            first += side * side;
        }
    }

    @Override
    public void close() {
        graph.close();
        latents.close();
    }
}
