package dev.tessera.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class S3ServerIT {
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldRefuseStrangersAndComeBackOnItsPort() throws Exception {
        try (var server = S3Server.started()) {
            // Given
            assertThat(status(server)).isEqualTo(403);
            server.stop();
            assertThatThrownBy(() -> status(server)).isInstanceOf(IOException.class);

            // When
            server.start();

            // Then
            assertThat(status(server)).isEqualTo(403);
        }
    }

    private int status(S3Server server) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.endpoint()).build(), BodyHandlers.discarding())
                .statusCode();
    }
}
