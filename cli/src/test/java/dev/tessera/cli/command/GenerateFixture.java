package dev.tessera.cli.command;

import dev.tessera.cli.client.StubGateway;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** The generate command with a gateway that answers as it is told. */
abstract class GenerateFixture {
    final Path directory;
    final StubGateway gateway = new StubGateway();

    GenerateFixture(@TempDir Path directory) throws IOException {
        this.directory = directory;
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    static String stored(int index) {
        return "{\"index\":" + index + ",\"status\":\"stored\"}";
    }

    void prepare(String status, String... images) {
        String all = String.join(",", images);
        gateway.json("POST /v1/jobs", 202, job("queued", all))
                .events("GET /v1/jobs/j1/events", "event: state\ndata: " + job(status, all) + "\n\n");
        for (int index = 0; index < images.length; index++) {
            gateway.png("GET /v1/jobs/j1/images/" + index, new byte[] {(byte) index});
        }
    }

    private static String job(String status, String images) {
        return "{\"id\":\"j1\",\"status\":\"" + status + "\",\"prompt\":\"A Slice, of pizza!\",\"seed\":7,"
                + "\"progress\":{\"tokens_done\":256,\"tokens_total\":256,\"images_done\":1},\"images\":[" + images
                + "]}";
    }

    CommandRun generate(String... more) {
        String[] arguments = new String[more.length + 4];
        arguments[0] = "generate";
        arguments[1] = "A Slice, of pizza!";
        arguments[2] = "--gateway";
        arguments[3] = gateway.url().toString();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return CommandRun.in(directory, arguments);
    }
}
