package dev.tessera.generator.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.ElementType;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The opened graphs of a next-token bundle; their contract is in {@link BundleFiles}. */
final class NextTokenGraphs implements AutoCloseable {
    private static final Dimension ROWS = free("rows");
    private static final Dimension POSITIONS = free("positions");
    private static final Dimension SLOTS = free("slots");
    private static final Dimension WANTED = free("wanted");

    private final OnnxGraph embedding;
    private final OnnxGraph transformer;
    private final Optional<OnnxGraph> caption;

    private NextTokenGraphs(OnnxGraph embedding, OnnxGraph transformer, Optional<OnnxGraph> caption) {
        this.embedding = embedding;
        this.transformer = transformer;
        this.caption = caption;
    }

    static NextTokenGraphs open(ModelBundle bundle, NextTokenTransformer network, GraphOptions options) {
        BundleManifest manifest = bundle.manifest();
        return new NextTokenGraphs(
                OnnxGraph.open(bundle.file(BundleFiles.EMBEDDING), embedding(network), options.ofSmallGraph()),
                OnnxGraph.open(bundle.file(BundleFiles.GENERATOR), transformer(manifest, network), options),
                switch (manifest.conditioning()) {
                    case TextConditioning text ->
                        Optional.of(OnnxGraph.open(bundle.file(BundleFiles.CAPTION), caption(text, network), options));
                    case ClassConditioning _, MapConditioning _, NoConditioning _ -> Optional.empty();
                });
    }

    OnnxGraph embedding() {
        return embedding;
    }

    OnnxGraph transformer() {
        return transformer;
    }

    /** Only a text model has one. */
    Optional<OnnxGraph> caption() {
        return caption;
    }

    /** What keys and values are kept in. */
    static ElementType cached(NextTokenTransformer network) {
        return network.halfAttention() ? ElementType.FLOAT16 : ElementType.FLOAT32;
    }

    static GraphSignature embedding(NextTokenTransformer network) {
        return new GraphSignature(
                List.of(Port.int64("ids", ROWS, POSITIONS)),
                List.of(Port.float32("embeddings", ROWS, POSITIONS, fixed(network.width()))));
    }

    private static GraphSignature caption(TextConditioning text, NextTokenTransformer network) {
        return new GraphSignature(
                List.of(Port.float32("states", fixed(1), POSITIONS, fixed(text.width()))),
                List.of(Port.float32("embeddings", fixed(1), POSITIONS, fixed(network.width()))));
    }

    private static GraphSignature transformer(BundleManifest manifest, NextTokenTransformer network) {
        List<Port> inputs = new ArrayList<>();
        List<Port> outputs = new ArrayList<>();
        inputs.add(Port.float32("embeddings", ROWS, POSITIONS, fixed(network.width())));
        inputs.add(Port.int32("seqlens_k", ROWS));
        inputs.add(Port.int32("total_length", fixed(1)));
        inputs.add(Port.int64("position_ids", ROWS, POSITIONS));
        inputs.add(Port.int64("last", WANTED));
        outputs.add(Port.float32("logits", WANTED, fixed(manifest.codebook().size())));
        addCache(network, inputs, outputs);
        return new GraphSignature(inputs, outputs);
    }

    /** Adds the ports of keys and values. */
    static void addCache(NextTokenTransformer network, List<Port> inputs, List<Port> outputs) {
        List<Dimension> cache = List.of(ROWS, fixed(network.heads()), SLOTS, fixed(network.headSize()));
        ElementType type = cached(network);
        for (int layer = 0; layer < network.layers(); layer++) {
            inputs.add(new Port("past_key_" + layer, type, cache));
            inputs.add(new Port("past_value_" + layer, type, cache));
            outputs.add(new Port("present_key_" + layer, type, cache));
            outputs.add(new Port("present_value_" + layer, type, cache));
        }
    }

    @Override
    public void close() {
        embedding.close();
        transformer.close();
        caption.ifPresent(OnnxGraph::close);
    }
}
