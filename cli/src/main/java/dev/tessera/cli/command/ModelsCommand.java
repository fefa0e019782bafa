package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;

@CommandLine.Command(
        name = "models",
        description = "List, verify and import model bundles.",
        subcommands = {ModelsCommand.ListModels.class, ModelsCommand.VerifyModel.class, ModelsCommand.ImportModel.class
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tessera models list", "  tessera models verify models/emoji-llamagen"})
final class ModelsCommand {
    private ModelsCommand() {}

    private static String family(BundleManifest manifest) {
        return manifest.family().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String conditioning(BundleManifest manifest) {
        return switch (manifest.conditioning()) {
            case TextConditioning text -> "text";
            case ClassConditioning classes -> classes.classes() + " classes";
            case MapConditioning map -> map.map().name().toLowerCase(Locale.ROOT);
            case NoConditioning none -> "none";
        };
    }

    private static String precision(BundleManifest manifest) {
        return manifest.productPrecision().name().toLowerCase(Locale.ROOT);
    }

    private static String size(BundleManifest manifest) {
        return manifest.image().width() + "x" + manifest.image().height();
    }

    @CommandLine.Command(
            name = "list",
            description = "List the model bundles of this installation, or of the directories that are named.",
            footerHeading = "%nExamples:%n",
            footer = {"  tessera models list", "  tessera models list ~/models --json"})
    static final class ListModels implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Parameters(arity = "0..*", paramLabel = "DIR", description = "Bundles, or directories of bundles.")
        private List<Path> directories = new ArrayList<>();

        @CommandLine.Option(names = "--json", description = "Print JSON.")
        private boolean json;

        ListModels(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            ArrayNode all = JsonNodeFactory.instance.arrayNode();
            for (Path directory : ModelDirectories.find(context, directories)) {
                BundleManifest manifest = ModelBundle.readManifest(directory).manifest();
                all.addObject()
                        .put("name", manifest.name())
                        .put("family", family(manifest))
                        .put("size", size(manifest))
                        .put("conditioning", conditioning(manifest))
                        .put("precision", precision(manifest))
                        .put("licence", manifest.licence())
                        .put("description", manifest.description())
                        .put("directory", directory.toString());
                if (!json) {
                    context.terminal()
                            .out()
                            .printf(
                                    "%-24s %-11s %-9s %-12s %-5s %-12s %s%n",
                                    manifest.name(),
                                    family(manifest),
                                    size(manifest),
                                    conditioning(manifest),
                                    precision(manifest),
                                    manifest.licence(),
                                    context.display(directory));
                }
            }
            if (json) {
                context.terminal().out().println(all.toPrettyString());
            }
            return CommandLine.ExitCode.OK;
        }
    }

    @CommandLine.Command(
            name = "verify",
            description = "Compare every file of a bundle with its manifest.",
            footerHeading = "%nExamples:%n",
            footer = "  tessera models verify models/emoji-llamagen")
    static final class VerifyModel implements Callable<Integer> {
        private final CommandContext context;

        @CommandLine.Parameters(paramLabel = "DIR", description = "The bundle's directory.")
        private Path directory = Path.of("");

        VerifyModel(CommandContext context) {
            this.context = context;
        }

        @Override
        public Integer call() {
            ModelBundle bundle = ModelBundle.open(context.resolve(directory));
            context.terminal()
                    .out()
                    .println(bundle.name() + " is whole: "
                            + bundle.manifest().files().size() + " files, digest " + bundle.digest());
            return CommandLine.ExitCode.OK;
        }
    }

    @CommandLine.Command(
            name = "import",
            description = "Make a model bundle of an official checkpoint.",
            subcommands = {
                ImportLlamaGenCommand.class,
                ImportVarCommand.class,
                ImportAmusedCommand.class,
                ImportMuseCommand.class,
                ImportTamingCommand.class
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  tessera models import llamagen --help",
                "  tessera models import var --help",
                "  tessera models import amused --help",
                "  tessera models import muse --help",
                "  tessera models import taming --help"
            })
    static final class ImportModel {}
}
