package dev.tessera.cli.command;

import dev.tessera.importer.LlamaGenImport;
import dev.tessera.importer.LlamaGenOptions;
import dev.tessera.importer.LlamaGenSources;
import dev.tessera.importer.Sampling;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ManifestFile;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "llamagen",
        description = {"Make a model bundle of a LlamaGen checkpoint.", "Checkpoints are data: nothing in them is run."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera models import llamagen --gpt c2i_B_256.pt --vq vq_ds16_c2i.pt --name llamagen-b --out models/llamagen-b",
            "  tessera models import llamagen --gpt t2i_XL.pt --vq vq_ds16_t2i.pt --t5 flan-t5-xl --storage fp16 \\",
            "    --name llamagen-xl --out models/llamagen-xl"
        })
final class ImportLlamaGenCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Option(
            names = "--gpt",
            required = true,
            paramLabel = "FILE",
            description = "The transformer: PyTorch zip, safetensors, or a safetensors index.")
    private Path gpt = Path.of("");

    @CommandLine.Option(names = "--vq", required = true, paramLabel = "FILE", description = "The image tokenizer.")
    private Path vq = Path.of("");

    @CommandLine.Option(
            names = "--t5",
            paramLabel = "DIR",
            description = "The text encoder with its tokenizer.json, for text models.")
    private @Nullable Path textEncoder;

    @CommandLine.Option(
            names = "--heads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Attention heads; known without it for the published sizes.")
    private int heads;

    @CommandLine.Option(
            names = "--resolution",
            paramLabel = "PX",
            defaultValue = "256",
            description = "Side of the picture in pixels; ${DEFAULT-VALUE} without it.")
    private int resolution;

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
            heading = "%nDefaults of the bundle; those of LlamaGen's publication if none is given:%n")
    private @Nullable Defaults defaults;

    /** The sampling parameters of requests that name none. */
    static final class Defaults {
        @CommandLine.Option(names = "--cfg", required = true, paramLabel = "SCALE", description = "Guidance scale.")
        float guidanceScale;

        @CommandLine.Option(
                names = "--temperature",
                paramLabel = "T",
                defaultValue = "1",
                description = "Temperature; ${DEFAULT-VALUE} without it.")
        float temperature;

        @CommandLine.Option(
                names = "--top-k",
                paramLabel = "K",
                defaultValue = "0",
                description = "Likeliest tokens to draw from; ${DEFAULT-VALUE}, which is all, without it.")
        int topK;

        @CommandLine.Option(
                names = "--top-p",
                paramLabel = "P",
                defaultValue = "1",
                description = "Probability to draw from; ${DEFAULT-VALUE} without it.")
        float topP;
    }

    ImportLlamaGenCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        LlamaGenSources sources = LlamaGenSources.of(context.resolve(gpt), context.resolve(vq));
        if (textEncoder != null) {
            sources = sources.withTextEncoder(context.resolve(textEncoder));
        }
        Path target = context.resolve(out);
        ManifestFile bundle = new LlamaGenImport(sources, options())
                .run(name, target, (step, done, total) -> context.terminal()
                        .err()
                        .printf(Locale.ROOT, "  [%d/%d] %s%n", done + 1, total, step));
        context.terminal()
                .out()
                .println(context.display(target) + ": " + bundle.manifest().name() + ", digest " + bundle.digest());
        return CommandLine.ExitCode.OK;
    }

    private LlamaGenOptions options() {
        LlamaGenOptions options = LlamaGenOptions.defaults()
                .withHeads(heads)
                .withResolution(resolution)
                .withNormGroups(normGroups)
                .withStorage(storage)
                .withDescription(description)
                .withLicence(licence);
        return defaults == null
                ? options
                : options.withSampling(Sampling.of(new BundleManifest.Defaults(
                        defaults.guidanceScale, defaults.temperature, defaults.topK, defaults.topP)));
    }
}
