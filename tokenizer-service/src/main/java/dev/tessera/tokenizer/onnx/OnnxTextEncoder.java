package dev.tessera.tokenizer.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import dev.tessera.tokenizer.TextEncoder;
import dev.tessera.v1.TextStates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A bundle's text encoder: its tokenizer, then its graph on the tokens alone, or padded where the model was made so. */
public final class OnnxTextEncoder implements TextEncoder, AutoCloseable {
    private final PromptTokenizer tokenizer;
    private final OnnxGraph graph;
    private final TextConditioning conditioning;

    private OnnxTextEncoder(PromptTokenizer tokenizer, OnnxGraph graph, TextConditioning conditioning) {
        this.tokenizer = tokenizer;
        this.graph = graph;
        this.conditioning = conditioning;
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
        OnnxGraph graph = OnnxGraph.open(graphFile, signature(conditioning), options);
        try {
            PromptTokenizer tokenizer = PromptTokenizer.open(tokenizerFile, conditioning.maxTokens());
            return new OnnxTextEncoder(tokenizer, graph, conditioning);
        } catch (RuntimeException e) {
            graph.close();
            throw e;
        }
    }

    @Override
    public TextStates encode(String prompt) {
        States states = run(prompt);
        return conditioning.padded()
                ? SingleFloatStates.of(states.all(), conditioning.width(), states.pooled())
                : HalfFloatStates.of(states.all(), conditioning.width());
    }

    /** The states in single precision, tokens × width. */
    float[] states(String prompt) {
        return run(prompt).all();
    }

    private States run(String prompt) {
        long[] ids = ids(prompt);
        try (TensorMemory memory = new TensorMemory()) {
            Tensor tokens = memory.int64(1, ids.length);
            tokens.longs().put(ids);
            Tensor states = memory.float32(1, ids.length, conditioning.width());
            Map<String, Tensor> outputs = new HashMap<>(Map.of("states", states));
            if (conditioning.pooledWidth() > 0) {
                outputs.put("pooled", memory.float32(1, conditioning.pooledWidth()));
            }
            graph.run(Map.of("ids", tokens), outputs);
            Tensor pooled = outputs.get("pooled");
            return new States(floats(states), pooled == null ? new float[0] : floats(pooled));
        }
    }

    private long[] ids(String prompt) {
        long[] ids = tokenizer.ids(prompt);
        if (!conditioning.padded()) {
            return ids;
        }
        long[] padded = Arrays.copyOf(ids, conditioning.maxTokens());
        Arrays.fill(padded, ids.length, padded.length, conditioning.paddingToken());
        return padded;
    }

    private static float[] floats(Tensor tensor) {
        float[] values = new float[tensor.elements()];
        tensor.floats().get(values);
        return values;
    }

    @Override
    public void close() {
        tokenizer.close();
        graph.close();
    }

    private static GraphSignature signature(TextConditioning conditioning) {
        List<Port> outputs = new ArrayList<>();
        outputs.add(Port.float32("states", fixed(1), free("S"), fixed(conditioning.width())));
        if (conditioning.pooledWidth() > 0) {
            outputs.add(Port.float32("pooled", fixed(1), fixed(conditioning.pooledWidth())));
        }
        return new GraphSignature(List.of(Port.int64("ids", fixed(1), free("S"))), outputs);
    }

    /**
     * What the graph gave.
     *
     * @param all tokens × width
     * @param pooled of no length where there is none
     */
    @SuppressWarnings("ArrayRecordComponent")
    private record States(float[] all, float[] pooled) {}
}
