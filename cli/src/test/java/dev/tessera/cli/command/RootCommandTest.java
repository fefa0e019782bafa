package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RootCommandTest {
    private final Path directory;

    RootCommandTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void shouldSuggestTheCommandThatWasMeant() {
        // When
        CommandRun run = CommandRun.in(directory, "genrate", "a cat");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("genrate").contains("Did you mean").contains("tessera generate");
    }

    @Test
    void shouldSuggestTheOptionThatWasMeant() {
        // When
        CommandRun run = CommandRun.in(directory, "generate", "a cat", "--seeed", "1");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--seeed").contains("--seed");
    }

    @Test
    void shouldSayWhatItCanDoWhenNothingIsAsked() {
        // When
        CommandRun run = CommandRun.in(directory);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("tessera --help");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "generate",
                "up",
                "down",
                "status",
                "logs",
                "jobs",
                "jobs list",
                "jobs show",
                "jobs cancel",
                "pools",
                "pools show",
                "pools set",
                "pools pause",
                "pools drain",
                "pools resume",
                "dead-letters",
                "dead-letters list",
                "dead-letters show",
                "dead-letters replay",
                "models",
                "models list",
                "models verify",
                "models import",
                "models import llamagen",
                "models import var",
                "render",
                "evaluate",
                "test",
                "completion"
            })
    void shouldExplainEachCommandWithAnExample(String command) {
        // When
        CommandRun run = CommandRun.in(directory, (command + " --help").split(" "));

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("Usage: tessera " + command).contains("Examples:\n  ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "1.5", "9223372036854775808"})
    void shouldRefuseASeedThatIsNoNumber(String seed) {
        // When
        CommandRun run = CommandRun.in(directory, "generate", "a cat", "--seed", seed);

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("--seed").doesNotContain("\tat ");
    }

    @Test
    void shouldAskForAPrompt() {
        // When
        CommandRun run = CommandRun.in(directory, "generate");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("PROMPT").contains("--class");
    }

    @Test
    void shouldCompleteCommandsAndServices() {
        // When
        CommandRun run = CommandRun.in(directory, "completion");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("generate").contains("object-store");
    }

    @Test
    void shouldSayThatNoStackRuns() {
        // When
        CommandRun status = CommandRun.in(directory, "status");
        CommandRun asJson = CommandRun.in(directory, "status", "--json");
        CommandRun down = CommandRun.in(directory, "down");
        CommandRun jobs = CommandRun.in(directory, "jobs", "list");

        // Then
        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(asJson.out()).isEqualToIgnoringNewLines("{\"status\":\"stopped\"}");
        assertThat(down.exitCode()).isZero();
        assertThat(jobs.exitCode()).isEqualTo(1);
        assertThat(jobs.err()).contains("tessera up");
    }

    @Test
    void shouldSayThatThereIsNoModel() {
        // When
        CommandRun run = CommandRun.in(directory, "up");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no model");
    }

    @Test
    void shouldRefuseSettingsOfAnUnknownService() {
        // When
        CommandRun run = CommandRun.in(directory, "up", "--set", "generater:a=b");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("generater").contains("generator");
    }

    @Test
    void shouldNameTheServicesWhenAWrongOneIsAskedFor() {
        // When
        CommandRun run = CommandRun.in(directory, "logs", "generater");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("'generater' is not one of broker, object-store, gateway");
    }

    @Test
    void shouldShowAStackTraceOnlyWhenAsked() {
        // When
        CommandRun plain = CommandRun.in(directory, "models", "verify", "nowhere");
        CommandRun debug = CommandRun.in(directory, "models", "verify", "nowhere", "--debug");

        // Then
        assertThat(plain.exitCode()).isEqualTo(1);
        assertThat(plain.err()).contains("nowhere").doesNotContain("\tat ");
        assertThat(debug.err()).contains("\tat ");
    }
}
