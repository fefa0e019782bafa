package dev.tessera.generator.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.nextscale.LatentPictures;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import java.util.ArrayList;
import java.util.List;

/** The opened graphs of a next-scale bundle; their contract is in {@link BundleFiles}. */
record NextScaleGraphs(OnnxGraph condition, OnnxGraph scaleInput, OnnxGraph transformer, LatentPictures latents)
        implements AutoCloseable {
    private static final Dimension ONE = fixed(1);
    private static final Dimension ROWS = free("rows");
    private static final Dimension POSITIONS = free("positions");
    private static final Dimension SLOTS = free("slots");

    static NextScaleGraphs open(ModelBundle bundle, NextScaleTransformer network, GraphOptions options) {
        return new NextScaleGraphs(
                OnnxGraph.open(bundle.file(BundleFiles.CONDITION), condition(network), options.ofSmallGraph()),
                OnnxGraph.open(
                        bundle.file(BundleFiles.SCALE_INPUT),
                        scaleInput(bundle.manifest(), network),
                        options.ofSmallGraph()),
                OnnxGraph.open(
                        bundle.file(BundleFiles.SCALE_GENERATOR), transformer(bundle.manifest(), network), options),
                LatentPictures.open(bundle, options.ofSmallGraph()));
    }

    /** Of each layer's two branches a gain, a factor and an addend; of the head the last two. */
    static long modulations(NextScaleTransformer network) {
        return 6L * network.layers() + 2;
    }

    private static GraphSignature condition(NextScaleTransformer network) {
        return new GraphSignature(
                List.of(Port.int64("class", ONE)),
                List.of(
                        Port.float32("modulation", ONE, fixed(modulations(network)), fixed(network.width())),
                        Port.float32("embedding", ONE, ONE, fixed(network.width()))));
    }

    private static GraphSignature scaleInput(BundleManifest manifest, NextScaleTransformer network) {
        return new GraphSignature(
                List.of(LatentPictures.port("latent", manifest), Port.int64("scale", ONE)),
                List.of(Port.float32("embeddings", ONE, POSITIONS, fixed(network.width()))));
    }

    private static GraphSignature transformer(BundleManifest manifest, NextScaleTransformer network) {
        Dimension width = fixed(network.width());
        List<Port> inputs = new ArrayList<>();
        List<Port> outputs = new ArrayList<>();
        inputs.add(Port.float32("embeddings", ROWS, POSITIONS, width));
        inputs.add(Port.float32("modulation", ROWS, fixed(modulations(network)), width));
        inputs.add(Port.int64("past", ONE));
        outputs.add(Port.float32(
                "logits", ROWS, POSITIONS, fixed(manifest.codebook().size())));
        for (int layer = 0; layer < network.layers(); layer++) {
            for (String kind : List.of("key_", "value_")) {
                inputs.add(Port.float32("past_" + kind + layer, ROWS, SLOTS, width));
                outputs.add(Port.float32(kind + layer, ROWS, POSITIONS, width));
            }
        }
        return new GraphSignature(inputs, outputs);
    }

    @Override
    public void close() {
        condition.close();
        scaleInput.close();
        transformer.close();
        latents.close();
    }
}
