package dev.tessera.evaluation;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxException;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A network of the user's that makes vectors of texts, as an ONNX graph: from {@code ids}, int64 [1, tokens], to {@code embedding}, float [1, width].
 * For one thread.
 */
public final class TextNetwork implements AutoCloseable {
    private static final String EMBEDDING = "embedding";

    private final OnnxGraph graph;
    private final int width;

    private TextNetwork(OnnxGraph graph, int width) {
        this.graph = graph;
        this.width = width;
    }

    /** @throws OnnxException when it is no such graph */
    public static TextNetwork open(Path file, int width) {
        var signature = new GraphSignature(
                List.of(Port.int64("ids", fixed(1), free("tokens"))),
                List.of(Port.float32(EMBEDDING, fixed(1), fixed(width))));
        return new TextNetwork(OnnxGraph.open(file, signature, GraphOptions.defaults()), width);
    }

    /**
     * The vectors of all texts, in order.
     *
     * @param tokenizer a text's token ids, the closing one included
     */
    public Features of(List<String> texts, Function<String, long[]> tokenizer) {
        List<float[]> vectors = new ArrayList<>();
        for (String text : texts) {
            vectors.add(vector(tokenizer.apply(text)));
        }
        return Features.of(vectors);
    }

    private float[] vector(long[] ids) {
        try (TensorMemory memory = new TensorMemory()) {
            Tensor tokens = memory.int64(1, ids.length);
            tokens.longs().put(0, ids);
            Tensor embedding = memory.float32(1, width);
            graph.run(Map.of("ids", tokens), Map.of(EMBEDDING, embedding));
            float[] vector = new float[width];
            embedding.floats().get(0, vector);
            return vector;
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
