package dev.tessera.tokenizer.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest.TextConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import dev.tessera.tokenizer.TextEncoder;
import dev.tessera.v1.TextStates;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A bundle's text encoder: its tokenizer, then its graph on the tokens alone, without padding. */
public final class OnnxTextEncoder implements TextEncoder, AutoCloseable {
    private final PromptTokenizer tokenizer;
    private final OnnxGraph graph;
    private final int width;

    private OnnxTextEncoder(PromptTokenizer tokenizer, OnnxGraph graph, int width) {
        this.tokenizer = tokenizer;
        this.graph = graph;
        this.width = width;
    }

    /**
     * Opens the text encoder of a bundle whose conditioning this is.
     *
     * @throws dev.tessera.inference.onnx.OnnxException when the graph is not one of a text encoder of that width
     * @throws dev.tessera.tokenizer.TokenizerException when the tokenizer cannot be opened
     */
    public static OnnxTextEncoder open(ModelBundle bundle, TextConditioning conditioning, GraphOptions options) {
        return open(bundle.file(BundleFiles.TOKENIZER), bundle.file(BundleFiles.TEXT_ENCODER), conditioning, options);
    }

    static OnnxTextEncoder open(
            Path tokenizerFile, Path graphFile, TextConditioning conditioning, GraphOptions options) {
        OnnxGraph graph = OnnxGraph.open(graphFile, signature(conditioning.width()), options);
        try {
            PromptTokenizer tokenizer = PromptTokenizer.open(tokenizerFile, conditioning.maxTokens());
            return new OnnxTextEncoder(tokenizer, graph, conditioning.width());
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    @Override
    public TextStates encode(String prompt) {
        return HalfFloatStates.of(states(prompt), width);
    }

    /** The states in single precision, tokens × width. */
    float[] states(String prompt) {
        long[] ids = tokenizer.ids(prompt);
        try (TensorMemory memory = new TensorMemory()) {
            Tensor tokens = memory.int64(1, ids.length);
            Tensor states = memory.float32(1, ids.length, width);
            tokens.longs().put(ids);
            graph.run(Map.of("ids", tokens), Map.of("states", states));
            float[] result = new float[states.elements()];
            states.floats().get(result);
            return result;
        }
    }

    @Override
    public void close() {
        tokenizer.close();
        graph.close();
    }

    private static GraphSignature signature(int width) {
        return new GraphSignature(
                List.of(Port.int64("ids", fixed(1), free("S"))),
                List.of(Port.float32("states", fixed(1), free("S"), fixed(width))));
    }
}
