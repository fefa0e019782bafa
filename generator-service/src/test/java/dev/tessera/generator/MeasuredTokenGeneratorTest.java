package dev.tessera.generator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.SamplingParameters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MeasuredTokenGeneratorTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldCountTheTokensOfAWholeScale() {
        // Given
        var engine = GeneratorEngine.nextScale("fake", new FakeNextScaleModel(2), 1, Duration.ofSeconds(30));
        try (engine) {
            var measured = new MeasuredTokenGenerator(engine, "fake", meters);

            // When
            measured.generate(Requests.ofClass(1, new SamplingParameters(4, 1, 0, 1), 1), Requests.NOBODY)
                    .join();
        }

        // Then
        assertThat(meters.get("tessera.generation.tokens")
                        .tag("model", "fake")
                        .counter()
                        .count())
                .isEqualTo(1 + 4 + 9 + 16);
    }
}
