package dev.tessera.generation;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** What is measured of a model, whatever its family. */
public record StepMeters(Timer prefills, Timer steps, DistributionSummary stepRows) {

    /** @param name of the model, which is the meters' tag */
    public static StepMeters of(String name, MeterRegistry registry) {
        return new StepMeters(
                Timer.builder("tessera.generation.prefill")
                        .description("Time to begin one row with what it is conditioned on")
                        .tag("model", name)
                        .register(registry),
                Timer.builder("tessera.generation.step")
                        .description(
                                "Time of one run of the network: all rows by one token, or some by one scale, without the draw")
                        .tag("model", name)
                        .register(registry),
                DistributionSummary.builder("tessera.generation.step.rows")
                        .description("Rows in flight that share a step: two for each guided image")
                        .tag("model", name)
                        .register(registry));
    }
}
