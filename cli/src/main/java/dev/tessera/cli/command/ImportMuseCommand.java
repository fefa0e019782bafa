package dev.tessera.cli.command;

import dev.tessera.importer.MuseImport;
import dev.tessera.importer.MuseOptions;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "muse",
        description = {
            "Make a model bundle of a Muse checkpoint.",
            "Checkpoints are data: nothing in them is run.",
            "",
            "There are no official weights, and so no files to download; this is the layout to train for:",
            "  transformer/config.json      {\"num_attention_heads\": N, \"text_tokens\": T}",
            "  transformer/model.safetensors",
            "  vqvae/config.json            vqvae/model.safetensors, as in aMUSEd",
            "  text_encoder/config.json     text_encoder/model.safetensors: a T5 v1.1 or FLAN encoder, any size",
            "                               (FLAN-T5 is under the Apache-2.0 licence)",
            "  tokenizer/tokenizer.json     of that encoder",
            "and, for super-resolution, which then draws a finer grid over the base one:",
            "  superres/config.json         {\"num_attention_heads\": N, \"num_low_layers\": L,",
            "                                \"steps\": 8, \"guidance_scale\": 3, \"temperature\": 4.5}",
            "  superres/model.safetensors",
            "  superres_vqvae/              as vqvae/, for the finer grid; without it vqvae/ serves both",
            "Names and shapes of the transformers' tensors: docs/adr/0009-masked-decoding.md and",
            "docs/adr/0014-super-resolution.md"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera models import muse --dir my-muse --name my-muse --out models/my-muse",
            "  tessera render --bundle models/my-muse --prompt \"a red heart\" --steps 24"
        })
final class ImportMuseCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Option(names = "--dir", required = true, paramLabel = "DIR", description = "The checkpoint's folder.")
    private Path directory = Path.of("");

    @CommandLine.Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "24",
            description = "Steps of the base grid where a request names none; ${DEFAULT-VALUE} without it.")
    private int steps;

    @CommandLine.Mixin
    private NewBundle bundle = new NewBundle();

    ImportMuseCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var family = new MuseImport(context.resolve(directory), options());
        bundle.make(context, family::run);
        return CommandLine.ExitCode.OK;
    }

    private MuseOptions options() {
        MuseOptions published = MuseOptions.defaults();
        return published.withSteps(steps).withBundle(bundle.options(published.bundle()));
    }
}
