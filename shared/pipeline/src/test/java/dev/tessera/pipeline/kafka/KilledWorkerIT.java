package dev.tessera.pipeline.kafka;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.testkit.EmbeddedKafka;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class KilledWorkerIT {
    @Test
    void shouldGiveTheWorkOfAKilledProcessToAnother(@TempDir Path directory) throws Exception {
        try (var kafka = EmbeddedKafka.started();
                var pipeline = new TestPipeline(kafka.bootstrapServers());
                var queue = pipeline.queue()) {
            // Given
            queue.publish("orphan");
            Path output = directory.resolve("output");
            Process worker = spawn(kafka.bootstrapServers(), queue.model, output);
            try {
                eventually(() -> assertThat(Files.readString(output)).contains("holding orphan"));
            } finally {
                // When
                worker.destroyForcibly().waitFor();
            }
            queue.start(TestPipeline.QUICK, queue::done);

            // Then
            eventually(() -> assertThat(queue.handled).containsExactly("orphan"));
            assertThat(queue.attempts.getFirst()).isGreaterThan(1);
        }
    }

    private static Process spawn(String bootstrapServers, String model, Path output) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        MortalWorker.class.getName(),
                        bootstrapServers,
                        model)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
