package dev.tessera.cli.command;

import dev.tessera.importer.LlamaGenImport;
import dev.tessera.importer.LlamaGenOptions;
import dev.tessera.importer.LlamaGenSources;
import java.nio.file.Path;
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
            names = "--half-attention",
            description =
                    "Attention, keys and values in 16 bits, as CUDA takes them; another picture in the last bits.")
    private boolean halfAttention;

    @CommandLine.Mixin
    private NewBundle bundle = new NewBundle();

    ImportLlamaGenCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        LlamaGenSources sources = LlamaGenSources.of(context.resolve(gpt), context.resolve(vq));
        if (textEncoder != null) {
            sources = sources.withTextEncoder(context.resolve(textEncoder));
        }
        var llamaGen = new LlamaGenImport(sources, options());
        bundle.make(context, llamaGen::run);
        return CommandLine.ExitCode.OK;
    }

    private LlamaGenOptions options() {
        LlamaGenOptions published = LlamaGenOptions.defaults();
        return published
                .withHeads(heads)
                .withResolution(resolution)
                .withHalfAttention(halfAttention)
                .withBundle(bundle.options(published.bundle()));
    }
}
