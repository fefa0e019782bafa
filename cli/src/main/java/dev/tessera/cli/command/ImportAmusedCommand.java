package dev.tessera.cli.command;

import dev.tessera.importer.AmusedImport;
import dev.tessera.importer.AmusedOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "amused",
        description = {
            "Make a model bundle of an aMUSEd checkpoint.",
            "Checkpoints are data: nothing in them is run.",
            "",
            "Folders to download, both under the OpenRAIL++ licence:",
            "  https://huggingface.co/amused/amused-256   600 million weights, 256 x 256 pixels",
            "  https://huggingface.co/amused/amused-512   600 million weights, 512 x 512 pixels",
            "Needed of a folder, as it is published (with or without .fp16 in the names):",
            "  transformer/config.json    transformer/diffusion_pytorch_model.safetensors",
            "  vqvae/config.json          vqvae/diffusion_pytorch_model.safetensors",
            "  text_encoder/config.json   text_encoder/model.safetensors",
            "  tokenizer/vocab.json       tokenizer/merges.txt, or tokenizer/tokenizer.json for both",
            "  scheduler/scheduler_config.json",
            "The older folders and tensor names of openMUSE are taken too, with --resolution:",
            "  transformer/, vae/ instead of vqvae/, the tokenizer's files in text_encoder/"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera models import amused --dir amused-256 --licence OpenRAIL++ \\",
            "    --name amused-256 --out models/amused-256",
            "  tessera render --bundle models/amused-256 --prompt \"a red heart\" --cfg 10 --steps 12"
        })
final class ImportAmusedCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Option(names = "--dir", required = true, paramLabel = "DIR", description = "The published folder.")
    private Path directory = Path.of("");

    @CommandLine.Option(
            names = "--resolution",
            paramLabel = "PX",
            defaultValue = "0",
            description = "Side of the picture in pixels; read from the checkpoint's settings without it.")
    private int resolution;

    @CommandLine.Mixin
    private NewBundle bundle = new NewBundle();

    ImportAmusedCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var family = new AmusedImport(context.resolve(directory), options());
        bundle.make(context, family::run);
        return CommandLine.ExitCode.OK;
    }

    private AmusedOptions options() {
        AmusedOptions published = AmusedOptions.defaults();
        return published.withResolution(resolution).withBundle(bundle.options(published.bundle()));
    }
}
