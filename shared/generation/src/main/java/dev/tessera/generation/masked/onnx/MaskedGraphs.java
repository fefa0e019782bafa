package dev.tessera.generation.masked.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.generation.masked.MaskedDimensions;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import java.util.ArrayList;
import java.util.List;

/** The opened graphs of a masked bundle's generator or super-resolution; their contract is in {@link BundleFiles}. */
record MaskedGraphs(OnnxGraph condition, OnnxGraph transformer) implements AutoCloseable {
    static final String STATES = "states";
    static final String POOLED = "pooled";
    static final String BASE = "base";
    static final String MODULATION = "modulation";

    private static final Dimension ONE = fixed(1);
    private static final Dimension ROWS = free("rows");
    private static final Dimension WANTED = free("wanted");

    static MaskedGraphs open(
            ModelBundle bundle, MaskedDimensions dimensions, MaskedTransformer network, GraphOptions options) {
        boolean fine = dimensions.base().isPresent();
        String conditionFile = fine ? BundleFiles.SUPERRES_CONDITION : BundleFiles.MASKED_CONDITION;
        String transformerFile = fine ? BundleFiles.SUPERRES : BundleFiles.MASKED_GENERATOR;
        OnnxGraph condition = OnnxGraph.open(bundle.file(conditionFile), condition(dimensions, network), options);
        try {
            return new MaskedGraphs(
                    condition, OnnxGraph.open(bundle.file(transformerFile), transformer(dimensions, network), options));
        } catch (RuntimeException e) {
            condition.close();
            throw e;
        }
    }

    /** @param index of a cross-attention */
    static String key(int index) {
        return "key_" + index;
    }

    /** @param index of a cross-attention */
    static String value(int index) {
        return "value_" + index;
    }

    private static GraphSignature condition(MaskedDimensions dimensions, MaskedTransformer network) {
        TextConditioning text = dimensions.text();
        List<Port> inputs = new ArrayList<>();
        inputs.add(Port.float32(STATES, ONE, fixed(text.maxTokens()), fixed(text.width())));
        if (text.pooledWidth() > 0) {
            inputs.add(Port.float32(POOLED, ONE, fixed(text.pooledWidth())));
        }
        dimensions.base().ifPresent(base -> inputs.add(grid(BASE, ONE, base.grid())));
        return new GraphSignature(inputs, kept(ONE, fixed(dimensions.kept()), network));
    }

    private static GraphSignature transformer(MaskedDimensions dimensions, MaskedTransformer network) {
        List<Port> inputs = kept(ROWS, free("texts"), network);
        inputs.add(grid("tokens", ROWS, dimensions.grid()));
        inputs.add(Port.int64("cells", WANTED));
        return new GraphSignature(inputs, List.of(Port.float32("logits", WANTED, fixed(dimensions.vocabulary()))));
    }

    private static Port grid(String name, Dimension rows, Grid grid) {
        return Port.int64(name, rows, fixed(grid.rows()), fixed(grid.columns()));
    }

    /** What is kept of a condition. */
    private static List<Port> kept(Dimension rows, Dimension texts, MaskedTransformer network) {
        List<Port> ports = new ArrayList<>();
        for (int i = 0; i < network.contexts().size(); i++) {
            Dimension width = fixed(network.contexts().get(i));
            ports.add(Port.float32(key(i), rows, texts, width));
            ports.add(Port.float32(value(i), rows, texts, width));
        }
        if (network.modulation() > 0) {
            ports.add(Port.float32(MODULATION, rows, fixed(network.modulation())));
        }
        return ports;
    }

    @Override
    public void close() {
        condition.close();
        transformer.close();
    }
}
