package dev.tessera.cli.command;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds model bundles. */
final class ModelDirectories {
    private static final String SHIPPED = "emoji-llamagen";

    private ModelDirectories() {}

    /** Those that were named, or else all that ship with the installation. */
    static List<Path> find(CommandContext context, List<Path> named) {
        if (named.isEmpty()) {
            return within(context.installation().resolve("models"));
        }
        List<Path> found = new ArrayList<>();
        for (Path path : named) {
            Path directory = context.resolve(path);
            List<Path> bundles = isBundle(directory) ? List.of(directory) : within(directory);
            if (bundles.isEmpty()) {
                throw new CommandException(
                        CommandException.Reason.USAGE,
                        path + " is neither a model bundle nor a directory of model bundles: no "
                                + BundleManifest.FILE_NAME + " in it");
            }
            found.addAll(bundles);
        }
        return List.copyOf(found);
    }

    /** The model of requests that name none: the one that ships with Tessera, or else the first. */
    static String defaultModel(List<Path> bundles) {
        List<String> names = bundles.stream()
                .map(bundle -> ModelBundle.readManifest(bundle).manifest().name())
                .toList();
        return names.contains(SHIPPED) ? SHIPPED : names.getFirst();
    }

    private static boolean isBundle(Path directory) {
        return Files.isRegularFile(directory.resolve(BundleManifest.FILE_NAME));
    }

    private static List<Path> within(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.filter(ModelDirectories::isBundle).sorted().toList();
        } catch (IOException e) {
            throw new CommandException(CommandException.Reason.FAILED, "cannot read " + directory + ": " + e, e);
        }
    }
}
