package dev.tessera.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** PyTorch's forward of a masked model, in a process of its own: {@code benchmarks/pytorch/masked.py}. */
record ReferenceForward(Path python, Path scripts, Path checkpoint) {

    /** The median of some repetitions. */
    double seconds(int rows, int repetitions) {
        var command = List.of(
                python.toString(),
                scripts.resolve("masked.py").toString(),
                "time",
                checkpoint.toString(),
                Integer.toString(rows),
                Integer.toString(repetitions));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the reference failed: " + String.join(" ", command));
            }
            JsonNode seconds = new ObjectMapper().readTree(output).get("seconds");
            return IntStream.range(0, seconds.size())
                    .mapToDouble(i -> seconds.get(i).asDouble())
                    .sorted()
                    .toArray()[seconds.size() / 2];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
