package dev.tessera.cli.command;

import dev.tessera.importer.VarImport;
import dev.tessera.importer.VarOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "var",
        description = {
            "Make a model bundle of a VAR checkpoint.",
            "Checkpoints are data: nothing in them is run.",
            "",
            "Files to download, all under the MIT licence, from https://huggingface.co/FoundationVision/var:",
            "  vae_ch160v4096z32.pth   the image tokenizer, which all of them need",
            "  var_d16.pth             310 million weights, 256 x 256 pixels",
            "  var_d20.pth             600 million weights, 256 x 256 pixels",
            "  var_d24.pth             1.0 billion weights, 256 x 256 pixels",
            "  var_d30.pth             2.0 billion weights, 256 x 256 pixels",
            "  var_d36.pth             2.3 billion weights, 512 x 512 pixels"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tessera models import var --var var_d16.pth --vae vae_ch160v4096z32.pth --licence MIT \\",
            "    --name var-d16 --out models/var-d16",
            "  tessera render --bundle models/var-d16 --class 207 --cfg 4 --top-k 900 --top-p 0.95"
        })
final class ImportVarCommand implements Callable<Integer> {
    private final CommandContext context;

    @CommandLine.Option(
            names = "--var",
            required = true,
            paramLabel = "FILE",
            description = "The transformer: PyTorch zip, safetensors, or a safetensors index.")
    private Path transformer = Path.of("");

    @CommandLine.Option(names = "--vae", required = true, paramLabel = "FILE", description = "The image tokenizer.")
    private Path vae = Path.of("");

    @CommandLine.Option(
            names = "--heads",
            paramLabel = "N",
            defaultValue = "0",
            description = "Attention heads; read from the checkpoint without it.")
    private int heads;

    @CommandLine.Option(
            names = "--scales",
            paramLabel = "N",
            split = ",",
            description = "Sides of the grids, coarse to fine, as 1,2,3,4; read from the checkpoint without it.")
    private List<Integer> scales = new ArrayList<>();

    @CommandLine.Mixin
    private NewBundle bundle = new NewBundle();

    ImportVarCommand(CommandContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var family = new VarImport(context.resolve(transformer), context.resolve(vae), options());
        bundle.make(context, family::run);
        return CommandLine.ExitCode.OK;
    }

    private VarOptions options() {
        VarOptions published = VarOptions.defaults();
        return published.withHeads(heads).withScales(scales).withBundle(bundle.options(published.bundle()));
    }
}
