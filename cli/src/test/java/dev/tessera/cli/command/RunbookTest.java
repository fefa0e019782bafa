package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.cli.client.StubGateway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every {@code tessera} command of the runbook does what it is there for, as far as the gateway answers as it should. */
class RunbookTest {
    private static final Path RUNBOOK = Path.of("..", "docs", "operations.md");

    private static final String POOL = """
            {"name": "xl-spot", "stage": "generator",
             "gpu_seconds": {"queued": 5.6, "in_flight": 0.35, "target": 30.0}, "images": {"queued": 8, "in_flight": 1},
             "cluster": {"autoscaled": true, "mode": "running", "min": 0, "max": 40,
               "replicas": {"wanted": 3, "ready": 1, "loading": 0, "pending": 2, "leaving": 0},
               "nodes": ["node-7"], "devices": {"nvidia.com/gpu": 1},
               "waiting": [{"pod": "xl-spot-b", "reason": "Unschedulable", "message": "no node is large enough"}]}}""";
    private static final String LETTER =
            "{\"id\": \"121\", \"object\": \"dead_letter\", \"job\": \"j\", \"reason\": \"attempts_exhausted\"}";
    private static final String JOB = "{\"id\": \"r\", \"status\": \"queued\"}";

    private final Path directory;
    private final StubGateway gateway;

    RunbookTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        gateway = new StubGateway();
        gateway.json("GET /v1/pools", 200, list(POOL))
                .json("GET /v1/pools/xl-spot", 200, POOL)
                .json("PATCH /v1/pools/xl-spot", 200, POOL)
                .json("PATCH /v1/pools/xl-steady", 200, POOL.replace("true", "false"))
                .json("GET /v1/jobs?limit=5", 200, list(JOB))
                .json("GET /v1/dead-letters?limit=20", 200, list(LETTER))
                .json("GET /v1/dead-letters?limit=100&before=120", 200, list(LETTER))
                .json("GET /v1/dead-letters/121", 200, LETTER)
                .json("POST /v1/dead-letters/121/replay", 202, JOB)
                .json("GET /v1/dead-letters?limit=100", 200, list(LETTER))
                .json("GET /v1/dead-letters?limit=100&before=121", 200, list(""));
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void shouldRunEveryCommand() throws IOException {
        // Given
        List<String> commands = commands();

        // When
        List<String> failed = commands.stream()
                .map(this::run)
                .filter(run -> run.exitCode() != 0)
                .map(CommandRun::err)
                .toList();

        // Then
        assertThat(failed).isEmpty();
        assertThat(commands)
                .hasSizeGreaterThan(12)
                .anyMatch(command -> command.contains("pools drain"))
                .anyMatch(command -> command.contains("dead-letters replay --all"));
        assertThat(gateway.bodies())
                .contains(
                        "{\"min\":1,\"max\":60}",
                        "{\"min\":3,\"max\":3}",
                        "{\"mode\":\"paused\"}",
                        "{\"mode\":\"drained\"}",
                        "{\"mode\":\"running\"}");
    }

    private CommandRun run(String command) {
        List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
        arguments.removeFirst();
        arguments.addAll(List.of("--gateway", gateway.url().toString()));
        return CommandRun.in(directory, arguments.toArray(String[]::new));
    }

    private static List<String> commands() throws IOException {
        return Files.readAllLines(RUNBOOK).stream()
                .filter(line -> line.startsWith("tessera "))
                .toList();
    }

    private static String list(String element) {
        return "{\"object\": \"list\", \"data\": [" + element + "]}";
    }
}
