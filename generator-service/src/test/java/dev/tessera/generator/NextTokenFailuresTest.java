package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.Requests;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine says of images that fail, and what becomes of the others. */
@Timeout(60)
class NextTokenFailuresTest extends NextTokenFixture {
    @Test
    void shouldFailAllImagesOfAFailedStepAsTransientAndServeTheNext() {
        // Given
        model.failingSteps = 1;

        // When
        CompletableFuture<GenerationOutcome> failing = generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY);

        // Then
        assertFails(failing, "engine_failed", false);
        assertThat(generator.healthy()).isTrue();
        assertThat(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join())
                .isInstanceOf(GenerationOutcome.Completed.class);
    }

    @Test
    void shouldBeUnhealthyWhileStepsKeepFailingAndRecover() {
        // Given
        model.failingSteps = 3;
        for (int i = 0; i < 3; i++) {
            assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "engine_failed", false);
        }
        assertThat(generator.healthy()).isFalse();

        // When
        generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join();

        // Then
        assertThat(generator.healthy()).isTrue();
    }

    @Test
    void shouldFailOnlyTheImageWhosePrefillFails() {
        // Given
        model.failingPrefills = 1;

        // Then
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "engine_failed", false);
        assertThat(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join())
                .isInstanceOf(GenerationOutcome.Completed.class);
    }

    @Test
    void shouldFailForGoodAnImageWhoseLogitsAreNoNumbers() {
        // Given
        model.notNumbers = true;

        // Then
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "logits_invalid", true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFailOnlyTheImageWhoseObserverFails(boolean atProgress) {
        // Given
        GenerationObserver broken = new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                if (atProgress) {
                    throw new IllegalArgumentException("broken");
                }
            }

            @Override
            public boolean stopRequested() {
                if (atProgress) {
                    return false;
                }
                throw new IllegalStateException("broken");
            }
        };

        // Then
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), broken), "engine_failed", false);
        assertThat(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY).join())
                .isInstanceOf(GenerationOutcome.Completed.class);
    }

    @Test
    void shouldFailWhatItHasAsTransientAndCountAsDeadWhenItsThreadDies() {
        // Given
        model.outOfMemory = true;

        // When
        CompletableFuture<GenerationOutcome> inFlight = generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY);

        // Then
        assertFails(inFlight, "shutting_down", false);
        generator.close();
        assertThat(generator.alive()).isFalse();
        assertThat(generator.healthy()).isFalse();
        assertFails(generator.generate(Requests.ofClass(1, GUIDED, 1), NOBODY), "shutting_down", false);
    }

    private static void assertFails(CompletableFuture<GenerationOutcome> outcome, String reason, boolean forGood) {
        assertThatThrownBy(outcome::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(GenerationException.class, failure -> {
                    assertThat(failure.reason()).isEqualTo(reason);
                    assertThat(failure instanceof GenerationException.Unservable)
                            .isEqualTo(forGood);
                });
    }
}
