package dev.tessera.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** PyTorch's side of the decode loop, in a process of its own: {@code benchmarks/pytorch/decode.py}. */
record ReferenceLoop(Path python, Path scripts, Path checkpoint) {

    /**
     * Row-tokens a second; the cost of a step does not depend on the position.
     *
     * @param fused whether with PyTorch's fused attention, which the published loop switches off
     */
    double rowTokensPerSecond(int rows, int steps, boolean fused) {
        var command = List.of(
                python.toString(),
                scripts.resolve("decode.py").toString(),
                checkpoint.toString(),
                Integer.toString(rows),
                Integer.toString(steps),
                "1",
                fused ? "fused" : "published");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("the reference loop failed: " + String.join(" ", command));
            }
            return new ObjectMapper()
                    .readTree(output)
                    .get("row_tokens_per_second")
                    .asDouble();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
