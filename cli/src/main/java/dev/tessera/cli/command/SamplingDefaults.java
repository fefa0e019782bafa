package dev.tessera.cli.command;

import dev.tessera.importer.Sampling;
import dev.tessera.inference.bundle.Defaults;
import picocli.CommandLine;

/** The sampling parameters that a new bundle proposes to requests that name none. */
final class SamplingDefaults {
    @CommandLine.Option(names = "--cfg", required = true, paramLabel = "SCALE", description = "Guidance scale.")
    private float guidanceScale;

    @CommandLine.Option(
            names = "--temperature",
            paramLabel = "T",
            defaultValue = "1",
            description = "Temperature; ${DEFAULT-VALUE} without it.")
    private float temperature;

    @CommandLine.Option(
            names = "--top-k",
            paramLabel = "K",
            defaultValue = "0",
            description = "Likeliest tokens to draw from; ${DEFAULT-VALUE}, which is all, without it.")
    private int topK;

    @CommandLine.Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Probability to draw from; ${DEFAULT-VALUE} without it.")
    private float topP;

    Sampling sampling() {
        return Sampling.of(new Defaults(guidanceScale, temperature, topK, topP));
    }
}
