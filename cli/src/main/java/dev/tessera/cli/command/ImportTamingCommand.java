package dev.tessera.cli.command;

import dev.tessera.importer.TamingImport;
import dev.tessera.importer.TamingOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "taming",
        description = {
            "Make a model bundle of a VQGAN + GPT checkpoint (taming-transformers).",
            "Checkpoints are data: nothing in them is run. The yaml is read as data too.",
            "",
            "Files to download, under the MIT licence, by the links in the README of",
            "https://github.com/CompVis/taming-transformers: of each model checkpoints/last.ckpt, which holds the",
            "image tokenizer too, and configs/*-project.yaml:",
            "  2021-04-03T19-39-50_cin_transformer        ImageNet classes, codebook of 16384",
            "  2021-04-23T18-19-01_ffhq_transformer       faces, of no condition",
            "  2021-04-23T18-11-19_celebahq_transformer   faces, of no condition",
            "  2020-11-09T13-31-51_sflckr                 landscapes of segmentation maps",
            "  2021-01-20T16-04-20_coco_transformer       scenes of segmentation maps",
            "  2020-11-20T21-45-44_ade20k_transformer     scenes of segmentation maps",
            "  2020-11-20T12-54-32_drin_transformer       ImageNet pictures of depth maps",
            "Models of faces by coordinates and of scenes by objects are not supported."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera models import taming --checkpoint last.ckpt --config 2021-04-03T19-39-50-project.yaml \\",
            "    --licence MIT --name cin --out models/cin",
            "  tessera render --bundle models/cin --class 207 --top-k 600 --top-p 0.92 --size 384x256"
        })
final class ImportTamingCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "FILE",
            description = "The transformer with its image tokenizer: last.ckpt.")
    private Path checkpoint = Path.of("");

    @CommandLine.Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The project's yaml, which knows the attention heads and the condition.")
    private Path config = Path.of("");

    @CommandLine.Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "4096",
            description = "Most tokens of an image, rows times columns; ${DEFAULT-VALUE} without it.")
    private int maxTokens;

    @CommandLine.Mixin
    private NewBundle bundle = new NewBundle();

    ImportTamingCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        TamingOptions published = TamingOptions.defaults();
        TamingOptions options = published.withMaxTokens(maxTokens).withBundle(bundle.options(published.bundle()));
        var family = new TamingImport(context.resolve(checkpoint), context.resolve(config), options);
        bundle.make(context, family::run);
        return CommandLine.ExitCode.OK;
    }
}
