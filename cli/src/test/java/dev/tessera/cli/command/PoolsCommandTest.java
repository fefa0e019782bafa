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

class PoolsCommandTest {
    private static final String POOLS = """
            {"object": "list", "data": [
              {"name": "spot", "stage": "generator", "gpu_seconds": {"queued": 5.6, "in_flight": 0.35, "target": 30.0},
               "images": {"upstream": 0, "queued": 8, "in_flight": 1}, "eta_seconds": 6.071, "later": true},
              {"name": "decoders", "stage": "decoder", "gpu_seconds": {"queued": 0, "in_flight": 0, "target": 30.0},
               "images": {"upstream": 9, "queued": 0, "in_flight": 0}}
            ]}
            """;

    private final Path directory;
    private final StubGateway gateway;

    PoolsCommandTest(@TempDir Path directory) throws IOException {
        this.directory = directory;
        gateway = new StubGateway();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void shouldShowTheWorkOfEachPool() {
        // Given
        gateway.json("GET /v1/pools", 200, POOLS);

        // When
        CommandRun run =
                CommandRun.in(directory, "pools", "--gateway", gateway.url().toString());

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "pool stage queued in flight target done in",
                        "spot generator 8 = 5.6 s 1 = 0.4 s 30.0 s 6 s",
                        "decoders decoder 0 = 0.0 s 0 = 0.0 s 30.0 s unknown");
    }

    @Test
    void shouldPrintAllThatTheGatewaySays() throws IOException {
        // Given
        gateway.json("GET /v1/pools", 200, POOLS);

        // When
        CommandRun run = CommandRun.in(
                directory, "pools", "--json", "--gateway", gateway.url().toString());

        // Then
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(run.out())).isEqualTo(json.readTree(POOLS).path("data"));
    }

    @Test
    void shouldShowWhatTheClusterKnowsOfAPool() {
        // Given
        gateway.json("GET /v1/pools/spot", 200, """
                {"name": "spot", "stage": "generator", "gpu_seconds": {"queued": 5.6, "in_flight": 0.35, "target": 30.0},
                 "images": {"queued": 8, "in_flight": 1},
                 "cluster": {"autoscaled": true, "mode": "paused", "min": 0, "max": 40,
                   "replicas": {"wanted": 3, "ready": 1, "loading": 0, "pending": 2, "leaving": 0},
                   "nodes": ["node-1", "node-7"], "devices": {"nvidia.com/gpu": 2},
                   "waiting": [{"pod": "spot-b", "reason": "Unschedulable", "message": "no node is large enough"}]}}""");

        // When
        CommandRun run = run("show", "spot");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines().skip(2))
                .containsExactly(
                        "size:     0 to 40, paused",
                        "replicas: 3 wanted, 1 ready, 2 pending",
                        "nodes:    node-1, node-7",
                        "devices:  2 nvidia.com/gpu",
                        "waiting:  spot-b Unschedulable: no node is large enough");
    }

    @Test
    void shouldSayWhyTheSizeOfAPoolIsNotKnown() {
        // Given
        String pool = "{\"name\": \"spot\", \"gpu_seconds\": {}%s}";
        gateway.json("GET /v1/pools/spot", 200, pool.formatted(""))
                .json(
                        "GET /v1/pools/spot",
                        200,
                        pool.formatted(", \"cluster\": {\"error\": \"the Kubernetes API answered 403\"}"));

        // When
        CommandRun alone = run("show", "spot");
        CommandRun refused = run("show", "spot");

        // Then
        assertThat(alone.out()).contains("does not look after a cluster");
        assertThat(refused.out()).contains("unknown, the Kubernetes API answered 403");
    }

    @Test
    void shouldSayWhatCannotBeChanged() {
        // Given
        gateway.json("PATCH /v1/pools/spot", 501, "{\"detail\": \"this gateway does not look after the cluster\"}");

        // When
        CommandRun nothing = run("set", "spot");
        CommandRun alone = run("drain", "spot");
        CommandRun word = run("set", "spot", "--max", "many");
        CommandRun name = run("pause", "../jobs");

        // Then
        assertThat(nothing.exitCode()).isEqualTo(2);
        assertThat(nothing.err()).contains("--min").contains("--max");
        assertThat(alone.exitCode()).isEqualTo(1);
        assertThat(alone.err()).contains("does not look after the cluster");
        assertThat(word.exitCode()).isEqualTo(2);
        assertThat(name.exitCode()).isEqualTo(1);
        assertThat(name.err()).contains("there is no pool ../jobs");
        assertThat(gateway.requests()).containsExactly("PATCH /v1/pools/spot");
    }

    private CommandRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("pools"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--gateway", gateway.url().toString()));
        return CommandRun.in(directory, all.toArray(String[]::new));
    }
}
