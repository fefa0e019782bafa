package dev.tessera.cli.command;

import dev.tessera.importer.BundleOptions;
import dev.tessera.importer.ImportProgress;
import dev.tessera.importer.graph.Arithmetic;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.bundle.ManifestFile;
import dev.tessera.inference.bundle.Precision;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The options of every import that are about the bundle to make. */
final class NewBundle {
    @CommandLine.Option(
            names = "--norm-groups",
            paramLabel = "N",
            defaultValue = "32",
            description = "Groups of the image tokenizer's normalisations; ${DEFAULT-VALUE} without it, as published.")
    private int normGroups;

    @CommandLine.Option(
            names = "--storage",
            paramLabel = "TYPE",
            defaultValue = "FP32",
            description = "How weights are stored: fp32, or fp16 at half the size; ${DEFAULT-VALUE} without it.")
    private WeightStorage storage = WeightStorage.FP32;

    @CommandLine.Option(
            names = "--precision",
            paramLabel = "TYPE",
            defaultValue = "FP32",
            description = "What the transformer's large products are done in: fp32, or int8, several times as fast on"
                    + " a processor and a quarter of the size, but rounded: the same seed may draw another picture than"
                    + " with fp32, and a graphics processor cannot run it. ${DEFAULT-VALUE} without it.")
    private Precision precision = Precision.FP32;

    @CommandLine.Option(
            names = "--name",
            required = true,
            paramLabel = "NAME",
            description = "The model's name: lower case letters, digits, dots and dashes.")
    private String name = "";

    @CommandLine.Option(names = "--out", required = true, paramLabel = "DIR", description = "The new bundle.")
    private Path out = Path.of("");

    @CommandLine.Option(names = "--description", paramLabel = "TEXT", description = "One sentence on the model.")
    private String description = "";

    @CommandLine.Option(
            names = "--licence",
            paramLabel = "SPDX",
            defaultValue = "unknown",
            description = "Licence of the weights; ${DEFAULT-VALUE} without it.")
    private String licence = "";

    @CommandLine.ArgGroup(
            exclusive = false,
            heading = "%nDefaults of the bundle; those of the family's publication if none is given:%n")
    private @Nullable SamplingDefaults defaults;

    /** @param published the family's own, of which what the user does not choose stays */
    BundleOptions options(BundleOptions published) {
        BundleOptions options = published
                .withNormGroups(normGroups)
                .withStorage(storage)
                .withArithmetic(Arithmetic.of(precision))
                .withDescription(description)
                .withLicence(licence);
        return defaults == null ? options : options.withSampling(defaults.sampling());
    }

    /** Imports, tells of each step, and prints what was made. */
    void make(CommandContext context, Import family) {
        Path target = context.resolve(out);
        ManifestFile bundle = family.run(name, target, (step, done, total) -> context.terminal()
                .err()
                .printf(Locale.ROOT, "  [%d/%d] %s%n", done + 1, total, step));
        context.terminal()
                .out()
                .println(context.display(target) + ": " + bundle.manifest().name() + ", digest " + bundle.digest());
    }

    /** A family's import, its sources and options known. */
    @FunctionalInterface
    interface Import {
        ManifestFile run(String name, Path target, ImportProgress progress);
    }
}
