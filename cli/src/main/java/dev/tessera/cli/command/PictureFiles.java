package dev.tessera.cli.command;

import dev.tessera.cli.client.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;

/** Where a job's pictures go. */
final class PictureFiles {
    private static final int LONGEST_NAME = 60;

    private final Path directory;
    private final String stem;
    private final int count;

    private PictureFiles(Path directory, String stem, int count) {
        this.directory = directory;
        this.stem = stem;
        this.count = count;
    }

    /**
     * @param out a file, or a directory if it ends with a slash or is one; named after the prompt and the seed if empty
     */
    static PictureFiles of(CommandContext context, Optional<String> out, Job job) {
        String own = name(job.prompt().orElse("picture")) + "-" + job.seed();
        if (out.isEmpty()) {
            return new PictureFiles(context.directory(), own, job.images());
        }
        Path path = context.resolve(Path.of(out.get()));
        if (out.get().endsWith("/") || Files.isDirectory(path)) {
            return new PictureFiles(path, own, job.images());
        }
        Path parent = path.getParent();
        String stem = path.getFileName().toString().replaceFirst("(?i)\\.png$", "");
        return new PictureFiles(parent == null ? context.directory() : parent, stem, job.images());
    }

    /** Of one picture: with its index only if there are more. */
    Path file(int index) {
        return directory.resolve(count == 1 ? stem + ".png" : stem + "-" + index + ".png");
    }

    /** Writes a picture, whole or not at all. */
    Path write(int index, byte[] png) {
        Path file = file(index);
        try {
            Files.createDirectories(directory);
            Path unfinished = Files.createTempFile(directory, ".tessera", ".png");
            Files.write(unfinished, png);
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
            return file;
        } catch (IOException e) {
            throw new CommandException(CommandException.Reason.FAILED, "cannot write " + file + ": " + e, e);
        }
    }

    private static String name(String prompt) {
        String name = prompt.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "-")
                .replaceAll("^-+|-+$", "");
        if (name.isEmpty()) {
            return "picture";
        }
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }
}
