package dev.tessera.cli.command;

import dev.tessera.cli.command.CommandException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A folder of pictures, as the user names it. */
final class PictureFolder {
    private PictureFolder() {}

    /** By name; at least one. */
    static List<Path> files(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> pictures =
                    files.filter(PictureFolder::isPicture).sorted().toList();
            if (pictures.isEmpty()) {
                throw new CommandException(Reason.USAGE, folder + " has no pictures (.png, .jpg, .jpeg)");
            }
            return pictures;
        } catch (IOException e) {
            throw new CommandException(Reason.FAILED, folder + " cannot be read as a folder", e);
        }
    }

    private static boolean isPicture(Path file) {
        String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
        return Stream.of(".png", ".jpg", ".jpeg").anyMatch(name::endsWith);
    }
}
