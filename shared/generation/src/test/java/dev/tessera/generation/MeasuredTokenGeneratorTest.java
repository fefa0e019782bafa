package dev.tessera.generation;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MeasuredTokenGeneratorTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void shouldCountTokensThatComeSeveralAtOnce() {
        // Given
        TokenGenerator scales = (request, observer) -> {
            observer.progressed(1, 30);
            observer.progressed(5, 30);
            observer.progressed(30, 30);
            return CompletableFuture.completedFuture(new GenerationOutcome.Stopped(30));
        };
        var measured = new MeasuredTokenGenerator(scales, "fake", meters);

        // When
        measured.generate(Requests.ofClass(1, Requests.GUIDED, 1), Requests.NOBODY)
                .join();

        // Then
        assertThat(meters.get("tessera.generation.tokens")
                        .tag("model", "fake")
                        .counter()
                        .count())
                .isEqualTo(30);
    }
}
