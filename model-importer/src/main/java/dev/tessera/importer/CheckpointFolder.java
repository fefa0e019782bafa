package dev.tessera.importer;

import dev.tessera.importer.ImportException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A checkpoint that is published as a folder with one sub-folder for each network, its settings and its weights. */
final class CheckpointFolder {
    private static final List<String> NAMES = List.of("diffusion_pytorch_model", "model", "pytorch_model");
    private static final List<String> ENDINGS =
            List.of(".safetensors", ".fp16.safetensors", ".safetensors.index.json", ".bin", ".fp16.bin");

    private final Path directory;

    CheckpointFolder(Path directory) {
        this.directory = directory;
    }

    /** @param name with slashes */
    Path file(String name) {
        return directory.resolve(name);
    }

    /** @param part a sub-folder */
    boolean has(String part) {
        return Files.isDirectory(directory.resolve(part));
    }

    /** @param part a sub-folder */
    Path settings(String part) {
        return directory.resolve(part).resolve("config.json");
    }

    /**
     * @param part a sub-folder
     * @throws ImportException when none of the usual files is there
     */
    Path weights(String part) {
        Path folder = directory.resolve(part);
        return NAMES.stream()
                .flatMap(name -> ENDINGS.stream().map(name::concat))
                .map(folder::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new ImportException(
                        Reason.UNREADABLE_FILE,
                        folder + " has no weights: no file " + NAMES + " with one of the endings " + ENDINGS));
    }
}
