package dev.tessera.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tessera.cli.client.StubGateway;
import java.io.IOException;
import java.nio.file.Path;
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
}
