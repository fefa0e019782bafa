package dev.tessera.generation.masked;

import static dev.tessera.generation.masked.MaskedFixture.CELLS;
import static dev.tessera.generation.masked.MaskedFixture.CODES;
import static dev.tessera.generation.masked.MaskedFixture.MASK;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.inference.ImageRandom.Purpose;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;

/** One image alone, without a batch, in plain double arithmetic and whole sorts: two rows, whatever the guidance. */
final class UnmaskingByTheBook {
    private UnmaskingByTheBook() {}

    static int[] tokens(GenerationRequest request, int[] given) {
        var model = new FakeMaskedModel(2);
        UnmaskingPlan plan = UnmaskingPlan.of(
                request.steps(), request.sampling(), model.dimensions().unmasking());
        model.begin(0, (Condition.OfText) request.condition());
        model.begin(1, (Condition.OfText) request.unconditional());
        int[] tokens = given.clone();
        long opened = Arrays.stream(given).filter(token -> token == MASK).count();
        for (int step = 0; step < plan.steps(); step++) {
            int[] rows = IntStream.concat(Arrays.stream(tokens), Arrays.stream(tokens))
                    .toArray();
            FloatBuffer logits =
                    model.advance(rows, IntStream.range(0, 2 * CELLS).toArray());
            double[] confidences = new double[CELLS];
            int open = 0;
            int[] drawn = tokens.clone();
            for (int cell = 0; cell < CELLS; cell++) {
                confidences[cell] = Double.POSITIVE_INFINITY;
                if (tokens[cell] == MASK) {
                    open++;
                    double[] shares = shares(logits, cell, request.sampling().guidanceScale());
                    drawn[cell] = drawn(shares, request, cell, step);
                    confidences[cell] = Math.log(shares[drawn[cell]]) + noise(plan, request, cell, step);
                }
            }
            if (step < plan.steps() - 1) {
                int masked = plan.masked(step, CELLS, open, (float) opened / CELLS);
                double[] ordered = confidences.clone();
                Arrays.sort(ordered);
                for (int cell = 0; cell < CELLS; cell++) {
                    drawn[cell] = confidences[cell] < ordered[masked] ? MASK : drawn[cell];
                }
            }
            tokens = drawn;
        }
        return tokens;
    }

    private static double[] shares(FloatBuffer logits, int cell, float guidance) {
        double[] shares = new double[CODES];
        for (int code = 0; code < CODES; code++) {
            float conditional = logits.get(cell * CODES + code);
            float unconditional = logits.get((CELLS + cell) * CODES + code);
            shares[code] = Math.exp(unconditional + guidance * (conditional - unconditional));
        }
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    private static int drawn(double[] shares, GenerationRequest request, int cell, int step) {
        double[] ordered = shares.clone();
        Arrays.sort(ordered);
        int topK = request.sampling().topK();
        double least = topK == 0 ? 0 : ordered[CODES - topK];
        double allowed = Arrays.stream(shares).filter(share -> share >= least).sum();
        double left = request.random().uniform(Purpose.TOKEN, cell, step) * allowed;
        int token = -1;
        for (int code = 0; code < CODES && left >= 0; code++) {
            if (shares[code] >= least) {
                token = code;
                left -= shares[code];
            }
        }
        return token;
    }

    private static double noise(UnmaskingPlan plan, GenerationRequest request, int cell, int step) {
        double uniform = request.random().uniform(Purpose.CONFIDENCE, cell, step);
        return plan.temperature(step) * -Math.log(-Math.log(uniform));
    }
}
