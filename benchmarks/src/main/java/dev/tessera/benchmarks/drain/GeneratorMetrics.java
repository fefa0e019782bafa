package dev.tessera.benchmarks.drain;

import dev.tessera.cli.stack.LocalStack;
import dev.tessera.cli.stack.ServiceMetrics;
import dev.tessera.cli.stack.StackService;

/**
 * What a generator tells of its own work.
 *
 * @param repeats images that it has continued
 * @param repeatedSeconds engine time for reading again what was there of them
 */
record GeneratorMetrics(double repeats, double repeatedSeconds) {
    static final GeneratorMetrics NONE = new GeneratorMetrics(0, 0);

    static GeneratorMetrics of(LocalStack replica) {
        var metrics = ServiceMetrics.of(replica.ports(), StackService.GENERATOR);
        return new GeneratorMetrics(
                metrics.values("tessera_generation_repeated_seconds_count").sum(),
                metrics.values("tessera_generation_repeated_seconds_sum").sum());
    }

    GeneratorMetrics plus(GeneratorMetrics other) {
        return new GeneratorMetrics(repeats + other.repeats, repeatedSeconds + other.repeatedSeconds);
    }
}
