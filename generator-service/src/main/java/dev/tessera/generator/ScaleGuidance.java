package dev.tessera.generator;

import dev.tessera.inference.SamplingParameters;

/**
 * How tokens are drawn at each scale of a next-scale model. Guidance grows with the scale s of S: t = cfg · s / (S − 1),
 * l = (1 + t) · c − t · u, so that the first scale goes without and the last has all of it; cfg 0 switches it off. Source:
 * VAR, {@code models/var.py}.
 *
 * @param request the request's parameters, whose guidance scale is cfg
 */
record ScaleGuidance(SamplingParameters request, int scales) {
    /** Whether any scale needs the unconditional row. */
    boolean guided() {
        return request.guidanceScale() > 0;
    }

    /** The scale's parameters in the terms of the sampler, where guidance 1 is none: u + (1 + t) · (c − u). */
    SamplingParameters at(int scale) {
        float ramp = request.guidanceScale() * scale / (scales - 1);
        return new SamplingParameters(1 + ramp, request.temperature(), request.topK(), request.topP());
    }
}
