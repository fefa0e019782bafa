package dev.tessera.generation.masked;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Steps;
import dev.tessera.inference.Resampling;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.bundle.GuidanceRise;
import dev.tessera.inference.bundle.UnmaskingDefaults;
import dev.tessera.inference.bundle.UnmaskingSchedule;

/**
 * What an image's steps do: how many cells stay masked after each, how strong guidance is, and how much confidences are
 * shaken. Source: MaskGIT, {@code parallel_decode.py}; aMUSEd, {@code scheduling_amused.py}; Muse (arXiv 2301.00704),
 * section 2.7, for rising guidance.
 *
 * @param sampling the request's parameters
 * @param finalTemperature of the noise in the last step; the request's is that of the first
 */
record UnmaskingPlan(
        int steps, UnmaskingSchedule schedule, GuidanceRise rise, SamplingParameters sampling, float finalTemperature) {
    private static final float PI = (float) Math.PI;

    static UnmaskingPlan of(GenerationRequest request, UnmaskingDefaults model) {
        return switch (request.canvas()) {
            case Canvas.Blank _, Canvas.Masked _, Canvas.Varied _ -> of(request.steps(), request.sampling(), model);
            case Canvas.Resampled _ -> resampling(request.steps(), request.sampling());
        };
    }

    /** Of mask-free editing: guidance is constant, and no confidence matters. */
    private static UnmaskingPlan resampling(Steps steps, SamplingParameters asked) {
        int count =
                switch (steps) {
                    case Steps.ModelsOwn own -> Resampling.STEPS;
                    case Steps.Chosen chosen -> chosen.count();
                };
        var sampling = new SamplingParameters(asked.guidanceScale(), 0, asked.topK(), asked.topP());
        return new UnmaskingPlan(count, UnmaskingSchedule.LINEAR, GuidanceRise.CONSTANT, sampling, 0);
    }

    static UnmaskingPlan of(Steps steps, SamplingParameters sampling, UnmaskingDefaults model) {
        int count =
                switch (steps) {
                    case Steps.ModelsOwn own -> model.steps();
                    case Steps.Chosen chosen -> chosen.count();
                };
        UnmaskingSchedule schedule =
                switch (steps) {
                    case Steps.ModelsOwn own -> model.schedule();
                    case Steps.Chosen chosen -> chosen.schedule();
                };
        return new UnmaskingPlan(count, schedule, model.guidanceRise(), sampling, model.finalTemperature());
    }

    boolean last(int step) {
        return step == steps - 1;
    }

    /**
     * How many cells are masked again after a step; computed in single precision like the references, which shows: cos(π/3)
     * rounds to less than a half.
     *
     * @param cells of the whole grid
     * @param open how many of them were masked before the step
     * @param start share of the grid that was masked before the first step
     */
    int masked(int step, int cells, int open, float start) {
        int masked = (int) StrictMath.floor(cells * (start * share(step)));
        return Math.max(1, Math.min(open - 1, masked));
    }

    /** Share of the grid that is masked after a step, where it was all masked at first. */
    float share(int step) {
        float done = (float) (step + 1) / steps;
        return switch (schedule) {
            case COSINE -> (float) StrictMath.cos(done * PI / 2);
            case LINEAR -> 1 - done;
        };
    }

    /** Whether any step needs the row that guidance leads away from. */
    boolean guided() {
        return sampling.guided();
    }

    /** How tokens are drawn in a step. */
    SamplingParameters draw(int step) {
        return new SamplingParameters(guidance(step), 1, sampling.topK(), sampling.topP());
    }

    /** In the sampler's terms: u + g · (c − u). Rising, g − 1 grows from 0. */
    private float guidance(int step) {
        return switch (rise) {
            case CONSTANT -> sampling.guidanceScale();
            case LINEAR -> 1 + (sampling.guidanceScale() - 1) * progress(step);
        };
    }

    /** Of the noise on the confidences; none where only the likeliest tokens may be drawn. */
    float temperature(int step) {
        return sampling.topK() == 1
                ? 0
                : sampling.temperature() + (finalTemperature - sampling.temperature()) * progress(step);
    }

    /** From 0 in the first step to 1 in the last; an only step is the last. */
    private float progress(int step) {
        return steps == 1 ? 1 : (float) step / (steps - 1);
    }
}
