package dev.tessera.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Reads server-sent events until the server ends the stream. */
final class EventStreamReader implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> comments = new CopyOnWriteArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread thread;

    record Event(String name, JsonNode data) {
        String status() {
            return data.path("status").asText();
        }

        long tokensDone() {
            return data.path("progress").path("tokens_done").asLong();
        }
    }

    EventStreamReader(URI uri) {
        thread = Thread.ofVirtual().start(() -> read(uri));
    }

    List<Event> events() {
        return events;
    }

    List<String> comments() {
        return comments;
    }

    boolean ended() {
        return !thread.isAlive();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private void read(URI uri) {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Accept", "text/event-stream")
                .build();
        try (Stream<String> lines =
                client.send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
            String[] name = {""};
            lines.forEach(line -> name[0] = take(line, name[0]));
        } catch (IOException e) {
            comments.add("broken off: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String take(String line, String name) {
        if (line.startsWith("event:")) {
            return line.substring("event:".length()).strip();
        }
        if (line.startsWith("data:")) {
            events.add(new Event(name, json(line.substring("data:".length()))));
        }
        if (line.startsWith(":")) {
            comments.add(line.substring(1).strip());
        }
        return name;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
