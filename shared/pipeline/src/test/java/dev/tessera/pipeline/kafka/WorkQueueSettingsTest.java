package dev.tessera.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.pipeline.WorkConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WorkQueueSettingsTest {
    @Test
    void shouldDoubleThePauseUpToTheLongest() {
        // Given
        var backOff = new WorkQueueSettings.BackOff(Duration.ofSeconds(1), Duration.ofSeconds(30));

        // When / Then
        assertThat(backOff.after(1)).isEqualTo(Duration.ofSeconds(1));
        assertThat(backOff.after(4)).isEqualTo(Duration.ofSeconds(8));
        assertThat(backOff.after(6)).isEqualTo(Duration.ofSeconds(30));
        assertThat(backOff.after(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void shouldHaveTheSameDefaultsInConfigurationAndInCode() {
        // Given
        var config = new SmallRyeConfigBuilder()
                .withMapping(WorkConfig.class)
                .build()
                .getConfigMapping(WorkConfig.class);

        // When
        var settings = WorkQueueSettings.of(config);

        // Then
        assertThat(settings).isEqualTo(WorkQueueSettings.DEFAULT);
        assertThat(TopicSetup.Settings.of(config)).isEqualTo(TopicSetup.Settings.DEFAULT);
    }

    @Test
    void shouldRefuseAQueueWithoutSlots() {
        // Given
        var settings = WorkQueueSettings.DEFAULT;

        // When / Then
        assertThatThrownBy(() -> settings.withSlots(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
