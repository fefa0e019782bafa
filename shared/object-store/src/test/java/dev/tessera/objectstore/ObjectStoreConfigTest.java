package dev.tessera.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectStoreConfigTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "tessera.object-store.endpoint", "http://localhost:9000",
            "tessera.object-store.access-key", "key",
            "tessera.object-store.secret-key", "hush");

    @Test
    void shouldHaveDefaultsForAllButTheServerAndTheKeys() {
        // Given
        var config = read(REQUIRED);

        // When
        var settings = ObjectStoreSettings.of(config);

        // Then
        assertThat(settings)
                .isEqualTo(ObjectStoreSettings.of(URI.create("http://localhost:9000"), "tessera", "key", "hush"));
        assertThat(settings.timeouts().call()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void shouldNotPrintSecrets() {
        // Given
        var settings = ObjectStoreSettings.of(read(REQUIRED));

        // When
        String text = settings.toString();

        // Then
        assertThat(text).contains("localhost").doesNotContain("hush");
    }

    @Test
    void shouldRefuseAnUnknownKey() {
        // Given
        var values = new HashMap<>(REQUIRED);
        values.put("tessera.object-store.buckets", "typo");

        // When / Then
        assertThatThrownBy(() -> read(values))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("tessera.object-store.buckets");
    }

    private static ObjectStoreConfig read(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .withMapping(ObjectStoreConfig.class)
                .build()
                .getConfigMapping(ObjectStoreConfig.class);
    }
}
