package dev.tessera.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;

/** A tiny checkpoint of one family, imported as "tiny" and rendered, in a directory of its own. */
abstract class TinyModelFixture {
    final Path directory;
    final Path checkpoints;

    /** @param checkpoints the family's folder among the importer's */
    TinyModelFixture(Path directory, String checkpoints) {
        this.directory = directory;
        this.checkpoints =
                Path.of(System.getProperty("tessera.root"), "model-importer/src/test/resources", checkpoints);
    }

    /** @param files of the checkpoint, by the options that name them */
    CommandRun importTiny(String family, Map<String, Path> files, String... options) {
        Stream<String> command = Stream.of("models", "import", family, "--name", "tiny", "--out", "tiny");
        Stream<String> named = files.entrySet().stream()
                .flatMap(file -> Stream.of(file.getKey(), file.getValue().toString()));
        return run(Stream.concat(command, named), options);
    }

    CommandRun render(String... options) {
        return run(Stream.of("render", "--bundle", "tiny"), options);
    }

    private CommandRun run(Stream<String> command, String... options) {
        return CommandRun.in(
                directory, Stream.concat(command, Arrays.stream(options)).toArray(String[]::new));
    }

    /** Of what was imported. */
    BundleManifest manifest() {
        return ModelBundle.open(directory.resolve("tiny")).manifest();
    }

    static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
