package dev.tessera.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** What the cluster knows of a pool, as the gateway tells it. Immutable. */
public final class PoolCluster {
    private final JsonNode json;

    PoolCluster(JsonNode json) {
        this.json = json.deepCopy();
    }

    /** Why nothing is known. */
    public Optional<String> error() {
        return Optional.ofNullable(json.path("error").textValue());
    }

    /** Whether the pool's size is found between its bounds. */
    public boolean autoscaled() {
        return json.path("autoscaled").asBoolean();
    }

    /** Running, paused or drained. */
    public String mode() {
        return json.path("mode").asText();
    }

    public int min() {
        return json.path("min").asInt();
    }

    public int max() {
        return json.path("max").asInt();
    }

    /** In words. */
    public String replicas() {
        JsonNode replicas = json.path("replicas");
        StringBuilder text = new StringBuilder(replicas.path("wanted").asInt() + " wanted");
        for (String state : List.of("ready", "loading", "pending", "leaving")) {
            int count = replicas.path(state).asInt();
            if (count > 0 || state.equals("ready")) {
                text.append(", ").append(count).append(' ').append(state);
            }
        }
        return text.toString();
    }

    public List<String> nodes() {
        return StreamSupport.stream(json.path("nodes").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    /** How many the replicas hold, by the resource's name. */
    public Map<String, Long> devices() {
        Map<String, Long> devices = new TreeMap<>();
        json.path("devices")
                .properties()
                .forEach(
                        device -> devices.put(device.getKey(), device.getValue().asLong()));
        return devices;
    }

    /** Pod, reason and message of each replica that does not run yet. */
    public List<String> waiting() {
        return StreamSupport.stream(json.path("waiting").spliterator(), false)
                .map(why -> why.path("pod").asText() + " " + why.path("reason").asText()
                        + (why.path("message").asText().isEmpty()
                                ? ""
                                : ": " + why.path("message").asText()))
                .toList();
    }
}
