package dev.tessera.generator.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import java.util.ArrayList;
import java.util.List;

/** The opened graphs of a windowed bundle; their contract is in {@link BundleFiles}. */
record WindowGraphs(OnnxGraph embedding, OnnxGraph transformer) implements AutoCloseable {
    private static final Dimension ROWS = free("rows");
    private static final Dimension POSITIONS = free("positions");

    /** @param network its sequences, as a next-token network has them */
    static WindowGraphs open(ModelBundle bundle, NextTokenTransformer network, GraphOptions options) {
        int codes = bundle.manifest().codebook().size();
        return new WindowGraphs(
                OnnxGraph.open(
                        bundle.file(BundleFiles.EMBEDDING), NextTokenGraphs.embedding(network), options.ofSmallGraph()),
                OnnxGraph.open(bundle.file(BundleFiles.WINDOW_GENERATOR), transformer(network, codes), options));
    }

    private static GraphSignature transformer(NextTokenTransformer network, int codes) {
        Dimension width = fixed(network.width());
        Dimension wanted = free("wanted");
        List<Port> inputs = new ArrayList<>();
        List<Port> outputs = new ArrayList<>();
        inputs.add(Port.float32("embeddings", ROWS, POSITIONS, width));
        inputs.add(Port.int32("seqlens_k", ROWS));
        inputs.add(Port.int32("total_length", fixed(1)));
        inputs.add(Port.int64("position_ids", ROWS, POSITIONS));
        inputs.add(Port.float32("windows", free("windows"), free("length"), width));
        inputs.add(Port.int64("last", wanted));
        outputs.add(Port.float32("logits", wanted, fixed(codes)));
        NextTokenGraphs.addCache(network, inputs, outputs);
        return new GraphSignature(inputs, outputs);
    }

    @Override
    public void close() {
        embedding.close();
        transformer.close();
    }
}
