package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.cli.client.StubGateway;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersCommandTest {
    private static final String OPEN = """
            {"id": "17", "object": "dead_letter", "buried_at": "2026-01-01T12:00:00.000Z", "job": "j1", "tenant": "acme",
             "model": "tiny", "stage": "generator", "reason": "attempts_exhausted", "detail": "it would not", "attempt": 8,
             "origin": {"topic": "tessera.generator.tiny", "offset": 4}, "later": true}""";
    private static final String REPLAYED = """
            {"id": "16", "object": "dead_letter", "buried_at": "2026-01-01T11:00:00.000Z", "job": "j0", "tenant": "acme",
             "model": "tiny", "stage": "decoder", "reason": "bad_tokens", "detail": "", "attempt": 1,
             "replay": {"job": "r0", "status": "succeeded"}}""";
    private static final String PAGE = "{\"object\": \"list\", \"data\": [" + OPEN + "," + REPLAYED + "]}";
    private static final String NOTHING = "{\"object\": \"list\", \"data\": []}";

    private final ObjectMapper json = new ObjectMapper();
    private final Path directory;
    private final StubGateway gateway;

    DeadLettersCommandTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        gateway = new StubGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void shouldListLettersAndWhatBecameOfThem() {
        // Given
        gateway.json("GET /v1/dead-letters?limit=20", 200, PAGE);

        // When
        CommandRun run = run("list");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "letter given up job model stage reason replay",
                        "17 2026-01-01T12:00:00.000Z j1 tiny generator attempts_exhausted -",
                        "16 2026-01-01T11:00:00.000Z j0 tiny decoder bad_tokens r0 succeeded");
    }

    @Test
    void shouldPrintAllThatTheGatewaySays() throws IOException {
        // Given
        gateway.json("GET /v1/dead-letters?limit=2&before=18", 200, PAGE).json("GET /v1/dead-letters/17", 200, OPEN);

        // When
        CommandRun list = run("list", "--limit", "2", "--before", "18", "--json");
        CommandRun show = run("show", "17", "--json");

        // Then
        assertThat(json.readTree(list.out())).isEqualTo(json.readTree(PAGE).path("data"));
        assertThat(json.readTree(show.out())).isEqualTo(json.readTree(OPEN));
    }

    @Test
    void shouldShowWhyWorkWasGivenUp() {
        // Given
        gateway.json("GET /v1/dead-letters/17", 200, OPEN);

        // When
        CommandRun run = run("show", "17");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("job:       j1 of acme")
                .contains("work:      generator of tiny")
                .contains("reason:    attempts_exhausted in attempt 8")
                .contains("detail:    it would not")
                .contains("replay:    none");
    }

    @Test
    void shouldGoOnAfterALetterThatIsRefused() {
        // Given
        gateway.json("POST /v1/dead-letters/16/replay", 409, "{\"detail\": \"its job has succeeded\"}")
                .json("POST /v1/dead-letters/17/replay", 202, "{\"id\": \"r1\", \"status\": \"queued\"}");

        // When
        CommandRun run = run("replay", "16", "17");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEqualToIgnoringNewLines("17 r1 queued");
        assertThat(run.err()).contains("16 was not replayed: its job has succeeded");
    }

    @Test
    void shouldReplayAllThatWereNotReplayedYet() {
        // Given
        gateway.json("GET /v1/dead-letters?limit=100", 200, PAGE)
                .json(
                        "GET /v1/dead-letters?limit=100&before=16",
                        200,
                        PAGE.replace("\"17\"", "\"9\"").replace("\"16\"", "\"8\""))
                .json("GET /v1/dead-letters?limit=100&before=8", 200, NOTHING)
                .json("POST /v1/dead-letters/9/replay", 202, "{\"id\": \"r9\", \"status\": \"queued\"}")
                .json("POST /v1/dead-letters/17/replay", 202, "{\"id\": \"r1\", \"status\": \"queued\"}");

        // When
        CommandRun run = run("replay", "--all");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).containsExactly("9 r9 queued", "17 r1 queued");
    }

    @Test
    void shouldAskForLetters() {
        // When
        CommandRun none = run("replay");
        CommandRun both = run("replay", "17", "--all");
        CommandRun word = run("show", "last");

        // Then
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("LETTER").contains("--all");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(word.exitCode()).isEqualTo(1);
        assertThat(word.err()).contains("no dead letter last");
    }

    @Test
    void shouldStopWhereNobodyAnswers() {
        // Given
        gateway.close();

        // When
        CommandRun run = run("replay", "1", "2");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines().filter(line -> line.contains("does not answer")))
                .hasSize(1);
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--gateway", gateway.url().toString()));
        return CommandRun.in(directory, all.toArray(String[]::new));
    }
}
