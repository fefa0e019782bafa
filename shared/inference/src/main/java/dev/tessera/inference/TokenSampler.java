package dev.tessera.inference;

import java.nio.FloatBuffer;
import java.util.function.IntToDoubleFunction;

/**
 * Draws one token from logits, in this order: guidance on the raw logits, temperature, top-k with ties kept, top-p with
 * the shifted mask, softmax, one draw by the inverse of the cumulative distribution. Source: LlamaGen,
 * {@code autoregressive/models/generate.py}.
 *
 * <p>The token depends on the arguments alone, bit for bit: arithmetic is IEEE 754 in a fixed order. An instance owns
 * its scratch memory and is for one thread at a time; drawing allocates nothing.
 */
public final class TokenSampler {
    private static final float LEAST_TEMPERATURE = 1e-5f;
    private static final float LEAST_PROBABILITY = 1e-20f;

    private final int vocabulary;
    private final float[] logits;
    private final float[] unconditional;
    private final Candidates candidates;

    /** @param vocabulary number of logits of one row */
    public TokenSampler(int vocabulary) {
        this.vocabulary = vocabulary;
        this.logits = new float[vocabulary];
        this.unconditional = new float[vocabulary];
        this.candidates = new Candidates(vocabulary);
    }

    /**
     * @param rows logits [rows, vocabulary], row-major, from the buffer's index 0
     * @param row whose logits to draw from
     * @param uniform of the open interval (0, 1)
     * @return the token
     * @throws IllegalArgumentException when a logit is NaN or infinitely large
     */
    public int draw(FloatBuffer rows, int row, SamplingParameters parameters, double uniform) {
        rows.get(row * vocabulary, logits);
        return draw(parameters, uniform);
    }

    /**
     * Draws under classifier-free guidance: l = u + scale · (c − u).
     *
     * @param rows logits [rows, vocabulary], row-major, from the buffer's index 0
     * @param conditionalRow c
     * @param unconditionalRow u
     * @param uniform of the open interval (0, 1)
     * @return the token
     * @throws IllegalArgumentException when a logit is NaN or infinitely large
     */
    public int drawGuided(
            FloatBuffer rows, int conditionalRow, int unconditionalRow, SamplingParameters parameters, double uniform) {
        rows.get(conditionalRow * vocabulary, logits);
        rows.get(unconditionalRow * vocabulary, unconditional);
        guide(logits, unconditional, parameters.guidanceScale());
        return draw(parameters, uniform);
    }

    /**
     * How sure the model was of a token: the logarithm of its probability among all tokens, with those that top-k and
     * top-p kept from being drawn; of the logits of the last draw, under guidance and temperature as there.
     *
     * @return at most 0, at least ln 1e-20
     */
    public float logProbability(int token) {
        float largest = largest();
        double sum = 0;
        for (float logit : logits) {
            sum += Exponential.of(logit - largest);
        }
        float probability = (float) (Exponential.of(logits[token] - largest) / sum);
        return (float) StrictMath.log(Math.max(probability, LEAST_PROBABILITY));
    }

    /**
     * Blends the vectors of all tokens that the last draw could have given, by the {@link Smoothing} weights of its logits;
     * after a greedy draw that is the one token's vector.
     *
     * @param noise of each code
     * @param vector where the blend goes: [dimensions], from its index 0
     * @return the token that the blend has most of; the lowest of equal ones
     */
    public int blend(Smoothing smoothing, IntToDoubleFunction noise, CodeVectors codes, FloatBuffer vector) {
        int heaviest = candidates.reweigh(smoothing, noise);
        double[] mean = candidates.mean(codes);
        for (int i = 0; i < mean.length; i++) {
            vector.put(i, (float) mean[i]);
        }
        return heaviest;
    }

    private int draw(SamplingParameters parameters, double uniform) {
        if (parameters.greedy()) {
            int token = mostLikely();
            candidates.selectOnly(token, logits[token]);
            return token;
        }
        divide(logits, Math.max(parameters.temperature(), LEAST_TEMPERATURE));
        float largest = largest();
        candidates.selectTopK(logits, parameters.topK(), largest);
        candidates.weigh(largest);
        candidates.selectTopP(parameters.topP(), largest);
        return candidates.draw(uniform);
    }

    private int mostLikely() {
        float largest = largest();
        int token = 0;
        while (logits[token] != largest) {
            token++;
        }
        return token;
    }

    private float largest() {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        if (!Float.isFinite(largest)) {
            throw new IllegalArgumentException("the largest logit is " + largest + ", not a number to draw by");
        }
        return largest;
    }

    private static void guide(float[] conditional, float[] unconditional, float scale) {
        for (int i = 0; i < conditional.length; i++) {
            conditional[i] = unconditional[i] + (conditional[i] - unconditional[i]) * scale;
        }
    }

    private static void divide(float[] values, float divisor) {
        if (divisor == 1) {
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = values[i] / divisor;
        }
    }
}
