package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cli.terminal.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartingWordsTest {
    private final StringWriter err = new StringWriter();

    @Test
    void shouldSayHowToComeBackToTheJob() throws InterruptedException {
        // Given
        try (PartingWords words = PartingWords.about("j1", terminal(false), Optional.empty())) {
            // When
            runAsAtTheEnd(words);

            // Then
            assertThat(err.toString().lines())
                    .containsExactly("job j1 goes on: tessera jobs show j1, or tessera jobs cancel j1");
        }
    }

    @Test
    void shouldNameTheGatewayBelowTheProgressBar() throws InterruptedException {
        // Given
        URI gateway = URI.create("http://images.example.com");
        try (PartingWords words = PartingWords.about("j1", terminal(true), Optional.of(gateway))) {
            // When
            runAsAtTheEnd(words);

            // Then
            assertThat(err.toString().lines())
                    .containsExactly(
                            "",
                            "job j1 goes on: tessera jobs show j1 --gateway http://images.example.com,"
                                    + " or tessera jobs cancel j1 --gateway http://images.example.com");
        }
    }

    @Test
    void shouldBeSaidAtTheEndOfTheProcess() {
        // When
        try (PartingWords words = PartingWords.about("j1", terminal(false), Optional.empty())) {
            // Then
            assertThat(Runtime.getRuntime().removeShutdownHook(words.hook())).isTrue();
        }
    }

    @Test
    void shouldNotBeSaidOnceNobodyWaitsForTheJob() {
        // Given
        PartingWords words = PartingWords.about("j1", terminal(false), Optional.empty());

        // When
        words.close();

        // Then
        assertThat(Runtime.getRuntime().removeShutdownHook(words.hook())).isFalse();
        assertThat(err.toString()).isEmpty();
    }

    private static void runAsAtTheEnd(PartingWords words) throws InterruptedException {
        words.hook().start();
        words.hook().join();
    }

    private Terminal terminal(boolean interactive) {
        return new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), interactive, false, 80);
    }
}
