package dev.tessera.importer.masked;

import static dev.tessera.importer.checkpoint.StateDict.ANY;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import dev.tessera.importer.graph.Attribute;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.Dimension;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import java.util.List;

/**
 * CLIP's text tower: the states that go into its last layer, and the projected state of the closing token behind it. A
 * token sees those before it. Contract: {@link dev.tessera.inference.bundle.BundleFiles#TEXT_ENCODER}. Source: CLIP
 * (arXiv 2103.00020), section 2.4, and aMUSEd, {@code pipeline_amused.py}, for which states are taken.
 */
public final class ClipTextGraph {
    /** The tensor by which a text tower's state dict is found. */
    public static final String MARKER = "text_model.final_layer_norm.weight";

    private static final String PROJECTION = "text_projection";
    private static final String TOKENS = "text_model.embeddings.token_embedding.weight";
    private static final String PLACES = "text_model.embeddings.position_embedding.weight";
    private static final String LAYERS = "text_model.encoder.layers.";
    private static final float QUICK = 1.702f;

    private final ClipConfig config;
    private final Sizes sizes;
    private final OnnxModel graph;
    private final Layers layers;

    private ClipTextGraph(ClipConfig config, StateDict weights, WeightStorage storage) {
        this.config = config;
        this.sizes = Sizes.of(config, weights);
        this.graph = new OnnxModel("text-encoder", storage);
        this.layers = new Layers(graph, weights);
    }

    public static OnnxModel of(ClipConfig config, StateDict weights, WeightStorage storage) {
        return new ClipTextGraph(config, weights, storage).build();
    }

    /**
     * The dimensions of a text tower, read from its tensors.
     *
     * @param maxTokens longest input
     * @param projected width of the pooled state
     */
    public record Sizes(int vocabulary, int maxTokens, int width, int hidden, int layers, int projected) {
        /** @throws ImportException when a tensor is missing or misshapen */
        public static Sizes of(ClipConfig config, StateDict weights) {
            Tensor tokens = weights.get(TOKENS, ANY, ANY);
            int width = size(tokens, 1);
            if (width % config.heads() != 0) {
                throw new ImportException(
                        Reason.WRONG_SHAPE,
                        config.heads() + " heads do not divide the text encoder's width " + width + " evenly");
            }
            return new Sizes(
                    size(tokens, 0),
                    size(weights.get(PLACES, ANY, width), 0),
                    width,
                    size(weights.get(LAYERS + "0.mlp.fc1.weight", ANY, width), 0),
                    weights.count(LAYERS, ".mlp.fc1.weight"),
                    size(weights.get(PROJECTION + ".weight", ANY, width), 0));
        }

        private static int size(Tensor tensor, int axis) {
            return Math.toIntExact(tensor.size(axis));
        }
    }

    private OnnxModel build() {
        Dimension one = Dimension.of(1);
        Dimension positions = Dimension.named("positions");
        graph.input("ids", DataType.INT64, one, positions);
        String sum = embeddings();
        for (int layer = 0; layer < sizes.layers() - 1; layer++) {
            sum = layer(layer, sum);
        }
        graph.node("Identity", "states", List.of(sum));
        graph.output("states", DataType.FLOAT, one, positions, Dimension.of(sizes.width()));
        pool(layer(sizes.layers() - 1, sum));
        graph.output("pooled", DataType.FLOAT, one, Dimension.of(sizes.projected()));
        return graph;
    }

    private String embeddings() {
        String table = matrix(TOKENS, sizes.vocabulary());
        String tokens = graph.node("Gather", "embeddings", List.of(table, "ids"), Attribute.of("axis", 0));
        String length = graph.node("Shape", "length", List.of("ids"), Attribute.of("start", 1), Attribute.of("end", 2));
        String places = graph.node(
                "Slice",
                "places",
                List.of(
                        matrix(PLACES, sizes.maxTokens()),
                        graph.wholes("first", 0),
                        length,
                        graph.wholes("place_axis", 0)));
        return graph.node("Add", "placed", List.of(tokens, places));
    }

    private String matrix(String name, long rows) {
        return graph.weights(
                name,
                List.of(rows, (long) sizes.width()),
                layers.weights().get(name, rows, sizes.width()).weights());
    }

    private String layer(int layer, String in) {
        String name = LAYERS + layer + ".";
        String attended = attention(name + "self_attn.", normalised(name + "layer_norm1", in));
        String middle = graph.node("Add", name + "attended", List.of(in, attended));
        String hidden = layers.biased(
                name + "mlp.fc1", normalised(name + "layer_norm2", middle), sizes.width(), sizes.hidden());
        String fed = layers.biased(name + "mlp.fc2", activated(name + "mlp.", hidden), sizes.hidden(), sizes.width());
        return graph.node("Add", name + "fed", List.of(middle, fed));
    }

    private String attention(String name, String in) {
        String attended = graph.runtimeNode(
                "MultiHeadAttention",
                name + "attend",
                List.of(
                        projection(name + "q_proj", in),
                        projection(name + "k_proj", in),
                        projection(name + "v_proj", in)),
                Attribute.of("num_heads", config.heads()),
                Attribute.of("unidirectional", 1));
        return projection(name + "out_proj", attended);
    }

    private String projection(String name, String in) {
        return layers.biased(name, in, sizes.width(), sizes.width());
    }

    private String activated(String name, String in) {
        if (!config.quick()) {
            return graph.node("Gelu", name + "gelu", List.of(in));
        }
        String sharp = graph.node("Mul", name + "sharp", List.of(in, graph.scalar(name + "quick", QUICK)));
        String gate = graph.node("Sigmoid", name + "gate", List.of(sharp));
        return graph.node("Mul", name + "gelu", List.of(in, gate));
    }

    private String normalised(String name, String in) {
        return layers.layerNorm(name, in, sizes.width(), config.epsilon());
    }

    /** The closing token's own state; padding may be closing tokens too, so it is the first of them. */
    private void pool(String states) {
        Attribute last = Attribute.of("axis", 1);
        Attribute dropped = Attribute.of("keepdims", 0);
        String place = graph.node("ArgMax", "end", List.of(ends()), last, dropped);
        String line = graph.node("Squeeze", "lines", List.of(states, graph.wholes("batch_axis", 0)));
        String state = graph.node("Gather", "end.state", List.of(line, place), Attribute.of("axis", 0));
        String even = normalised("text_model.final_layer_norm", state);
        String pooled = layers.linear(PROJECTION, even, sizes.width(), sizes.projected());
        graph.node("Identity", "pooled", List.of(pooled));
    }

    /** Largest where the prompt ends. */
    private String ends() {
        if (config.end() == ClipConfig.LARGEST) {
            return "ids";
        }
        String same = graph.node("Equal", "ids.end", List.of("ids", graph.wholes("end.id", config.end())));
        return graph.node("Cast", "ids.is_end", List.of(same), Attribute.of("to", DataType.INT32.code()));
    }
}
