package dev.tessera.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerSentEventsTest {
    private static List<ServerSentEvents.Event> parse(String... lines) {
        ServerSentEvents events = new ServerSentEvents();
        return List.of(lines).stream()
                .map(events::accept)
                .flatMap(Optional::stream)
                .toList();
    }

    @Test
    void shouldReadNameAndData() {
        // When
        List<ServerSentEvents.Event> events = parse("event: state", "data: {}", "");

        // Then
        assertThat(events).containsExactly(new ServerSentEvents.Event("state", "{}"));
    }

    @Test
    void shouldJoinDataLines() {
        // When
        List<ServerSentEvents.Event> events = parse("data: a", "data:b", "data", "");

        // Then
        assertThat(events).containsExactly(new ServerSentEvents.Event("message", "a\nb\n"));
    }

    @Test
    void shouldPassOverCommentsAndWhatHasNoData() {
        // When
        List<ServerSentEvents.Event> events = parse(": keep-alive", "", "event: state", "", "id: 1", "data: x", "");

        // Then
        assertThat(events).containsExactly(new ServerSentEvents.Event("message", "x"));
    }

    @Test
    void shouldForgetAnUnfinishedEvent() {
        // When the stream ends without the closing line
        List<ServerSentEvents.Event> events = parse("event: state", "data: {}");

        // Then
        assertThat(events).isEmpty();
    }
}
