package dev.tessera.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private final StringWriter written = new StringWriter();

    private Terminal terminal(boolean interactive) {
        return new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(written), interactive, false, 80);
    }

    private static Progress at(int done) {
        return new Progress("generating", done, 100, 0, 1, Duration.ZERO, 0);
    }

    @Test
    void shouldWriteFewPlainLinesWhereNobodyWatches() {
        // Given
        ProgressDisplay display = new ProgressDisplay(terminal(false));

        // When
        for (int done = 0; done <= 100; done++) {
            display.show(at(done));
        }
        display.close();

        // Then
        assertThat(written.toString().lines())
                .containsExactly(
                        "generating: 0/100 tokens",
                        "generating: 25/100 tokens",
                        "generating: 50/100 tokens",
                        "generating: 75/100 tokens",
                        "generating: 100/100 tokens");
    }

    @Test
    void shouldRewriteOneLineOnATerminalAndLeaveItClean() {
        // Given
        ProgressDisplay display = new ProgressDisplay(terminal(true));

        // When
        display.show(at(1));
        display.show(at(2));
        display.close();

        // Then
        assertThat(written.toString())
                .doesNotContain("\n")
                .contains("2/100 tokens")
                .endsWith("\r\u001b[2K");
    }
}
