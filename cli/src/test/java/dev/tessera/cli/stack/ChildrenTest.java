package dev.tessera.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChildrenTest {
    private final Process process;

    ChildrenTest() throws IOException {
        process = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    @Test
    void shouldFindAProcessAgain() {
        // Given
        StackState.Child child = Children.describe(StackService.GATEWAY, process.toHandle(), "");

        // When / Then
        assertThat(Children.find(child)).contains(process.toHandle());
    }

    @Test
    void shouldNotTakeAnotherProcessWithTheSamePidForItsOwn() {
        // Given a child that started an hour before the process that has its pid now
        StackState.Child child = Children.describe(StackService.GATEWAY, process.toHandle(), "");
        StackState.Child older = new StackState.Child(
                child.service(),
                child.pid(),
                child.startedAt() - Duration.ofHours(1).toMillis(),
                "");

        // When / Then
        assertThat(Children.find(older)).isEmpty();
    }

    @Test
    void shouldNotFindAProcessThatHasEnded() throws InterruptedException {
        // Given
        StackState.Child child = Children.describe(StackService.GATEWAY, process.toHandle(), "");

        // When
        process.destroyForcibly().waitFor();

        // Then
        assertThat(Children.find(child)).isEmpty();
    }

    @Test
    void shouldEndAProcessThatListens() {
        // When
        boolean willingly = Children.stop(process.toHandle(), Duration.ofSeconds(30));

        // Then
        assertThat(willingly).isTrue();
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void shouldKillAProcessThatDoesNotListen() throws IOException {
        // Given
        Process deaf = new ProcessBuilder("sh", "-c", "trap '' TERM; echo deaf; exec sleep 600").start();
        deaf.inputReader().readLine();

        // When
        boolean willingly = Children.stop(deaf.toHandle(), Duration.ofMillis(300));

        // Then
        assertThat(willingly).isFalse();
        assertThat(deaf.isAlive()).isFalse();
    }
}
