package dev.tessera.importer.nextscale;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.ComputedWeights;

/**
 * The convolutions φ that follow each scale's way up, a few for all scales: half the map, half its 3 × 3 convolution. The
 * half of the map is folded into the kernel's centre. Source: VAR, {@code models/quant.py}.
 */
final class Phi {
    static final int KERNEL = 3;
    private static final String PREFIX = "quantize.quant_resi.qresi_ls.";
    private static final float SHARE = 0.5f;

    /** How many are published. */
    private static final int PUBLISHED = 4;

    private final StateDict weights;
    private final int count;
    private final int channels;

    /** @throws ImportException when there are none, or one has another shape */
    Phi(StateDict weights, int channels) {
        this.weights = weights;
        this.channels = channels;
        this.count = weights.count(PREFIX, ".weight");
        if (count == 0) {
            throw new ImportException(
                    Reason.MISSING_TENSOR, weights.source() + " has no tensor '" + PREFIX + "0.weight'");
        }
    }

    int count() {
        return count;
    }

    /**
     * Which φ belongs to a scale: the one whose tick is nearest to scale / (scales − 1), the first of two as near. In
     * double precision, in which rounding decides scales 2 and 7 of ten just as in NumPy.
     */
    static int index(int scale, int scales, int count) {
        if (count == 1) {
            return 0;
        }
        double margin = count == PUBLISHED ? 1.0 / 3 / count : 1.0 / 2 / count;
        double last = 1 - margin;
        double step = (last - margin) / (count - 1);
        double place = (double) scale / (scales - 1);
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            double distance = Math.abs((i == count - 1 ? last : i * step + margin) - place);
            if (distance < least) {
                least = distance;
                nearest = i;
            }
        }
        return nearest;
    }

    /** [count, channels, channels, 3, 3]. */
    Weights kernels() {
        int size = channels * channels * KERNEL * KERNEL;
        float[] kernels = new float[count * size];
        for (int i = 0; i < count; i++) {
            float[] kernel = halved(weights.get(PREFIX + i + ".weight", channels, channels, KERNEL, KERNEL)
                    .weights());
            for (int channel = 0; channel < channels; channel++) {
                kernel[(channel * channels + channel) * KERNEL * KERNEL + KERNEL * KERNEL / 2] += 1 - SHARE;
            }
            System.arraycopy(kernel, 0, kernels, i * size, size);
        }
        return new ComputedWeights(PREFIX + "weight", kernels);
    }

    /** [count, channels]. */
    Weights biases() {
        float[] biases = new float[count * channels];
        for (int i = 0; i < count; i++) {
            float[] bias = halved(weights.get(PREFIX + i + ".bias", channels).weights());
            System.arraycopy(bias, 0, biases, i * channels, channels);
        }
        return new ComputedWeights(PREFIX + "bias", biases);
    }

    private static float[] halved(Weights weights) {
        float[] values = new float[Math.toIntExact(weights.elements())];
        weights.read(0, values, values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] *= SHARE;
        }
        return values;
    }
}
