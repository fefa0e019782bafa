package dev.tessera.importer;

import dev.tessera.importer.checkpoint.Checkpoint;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.StridedWeights;
import java.nio.file.Path;
import java.util.List;

/**
 * LlamaGen's network for one token at the beginning, which attends to itself alone, so that attention is its own value:
 * the products in eight bits by {@link PlainBytes}, or in 32, and nothing else rounded.
 */
final class PlainTransformer {
    private static final double EPSILON = 1e-5;

    private final Path checkpoint;

    PlainTransformer(Path checkpoint) {
        this.checkpoint = checkpoint;
    }

    float[] logits(float[] embedding, boolean bytes) {
        try (var file = Checkpoint.open(checkpoint)) {
            StateDict weights = file.stateDict("output.weight", List.of("model", "module", "state_dict"));
            float[] x = embedding;
            for (int layer = 0; weights.has("layers." + layer + ".attention_norm.weight"); layer++) {
                x = layer(weights, "layers." + layer + ".", x, bytes);
            }
            return linear(weights, "output", normalised(weights, "norm", x), bytes);
        }
    }

    private static float[] layer(StateDict weights, String layer, float[] in, boolean bytes) {
        int width = in.length;
        float[] even = normalised(weights, layer + "attention_norm", in);
        float[] packed = linear(weights, layer + "attention.wqkv", even, bytes);
        float[] value = java.util.Arrays.copyOfRange(packed, 2 * width, 3 * width);
        float[] middle = sum(in, linear(weights, layer + "attention.wo", value, bytes));
        float[] fed = normalised(weights, layer + "ffn_norm", middle);
        float[] gate = linear(weights, layer + "feed_forward.w1", fed, bytes);
        float[] up = linear(weights, layer + "feed_forward.w3", fed, bytes);
        for (int i = 0; i < gate.length; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
        }
        return sum(middle, linear(weights, layer + "feed_forward.w2", gate, bytes));
    }

    private static float[] linear(StateDict weights, String name, float[] x, boolean bytes) {
        float[] rows = read(weights, name + ".weight");
        int out = rows.length / x.length;
        float[] columns = new float[rows.length];
        for (int i = 0; i < rows.length; i++) {
            columns[i % x.length * out + i / x.length] = rows[i];
        }
        return bytes ? PlainBytes.product(x, columns, x.length, out) : product(x, columns, out);
    }

    private static float[] product(float[] x, float[] columns, int out) {
        float[] result = new float[out];
        for (int column = 0; column < out; column++) {
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += (double) x[i] * columns[i * out + column];
            }
            result[column] = (float) sum;
        }
        return result;
    }

    private static float[] normalised(StateDict weights, String name, float[] x) {
        float[] gamma = read(weights, name + ".weight");
        double squares = 0;
        for (float value : x) {
            squares += (double) value * value;
        }
        double root = Math.sqrt(squares / x.length + EPSILON);
        float[] result = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            result[i] = (float) (x[i] / root * gamma[i]);
        }
        return result;
    }

    private static float[] sum(float[] a, float[] b) {
        float[] result = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = a[i] + b[i];
        }
        return result;
    }

    private static float[] read(StateDict weights, String name) {
        StridedWeights tensor = weights.find(name).orElseThrow().weights();
        float[] values = new float[Math.toIntExact(tensor.elements())];
        tensor.read(0, values, values.length);
        return values;
    }
}
