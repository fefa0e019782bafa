package dev.tessera.importer.llamagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.importer.ImportException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class T5ConfigTest {
    @Test
    void shouldPutEveryDistanceIntoTheBucketOfTheReference() throws IOException {
        // Given
        Path file = Path.of(
                System.getProperty("tessera.root"), "model-importer/src/test/resources/llamagen/t5-buckets.json");
        for (JsonNode reference : new ObjectMapper().readTree(file.toFile())) {
            var config = new T5Config(
                    1,
                    1,
                    8,
                    8,
                    8,
                    reference.get("buckets").asInt(),
                    reference.get("maxDistance").asInt(),
                    1e-6f);
            int first = reference.get("first").asInt();
            for (int i = 0; i < reference.get("values").size(); i++) {
                // When
                int bucket = config.bucket(first + i);

                // Then
                assertThat(bucket)
                        .as("distance %d of %s", first + i, config)
                        .isEqualTo(reference.get("values").get(i).asInt());
            }
        }
    }

    @Test
    void shouldReadAConfiguration(@TempDir Path directory) throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("config.json"), """
                {"num_layers": 24, "num_heads": 32, "d_model": 2048, "d_kv": 64, "d_ff": 5120,
                 "feed_forward_proj": "gated-gelu", "layer_norm_epsilon": 1e-06}""");

        // When
        T5Config config = T5Config.read(file);

        // Then
        assertThat(config).isEqualTo(new T5Config(24, 32, 2048, 64, 5120, 32, 128, 1e-6f));
    }

    @Test
    void shouldRefuseAnotherFeedForwardAndMissingSizes(@TempDir Path directory) throws IOException {
        Path old = Files.writeString(directory.resolve("old.json"), "{\"feed_forward_proj\": \"relu\"}");
        Path empty = Files.writeString(directory.resolve("empty.json"), "{\"feed_forward_proj\": \"gated-gelu\"}");
        assertThatThrownBy(() -> T5Config.read(old))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("feed_forward_proj 'relu'");
        assertThatThrownBy(() -> T5Config.read(empty))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("no positive 'num_layers'");
    }
}
