package dev.tessera.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Work that was given up, as the gateway describes it; keeps members that this version does not know. Immutable. */
public final class DeadLetter {
    private final JsonNode json;

    DeadLetter(JsonNode json) {
        if (!json.path("id").isTextual() || !json.path("object").asText().equals("dead_letter")) {
            throw new ClientException(ClientException.Reason.PROTOCOL, "this is not a dead letter: " + json);
        }
        this.json = json.deepCopy();
    }

    /** The gateway's own description. */
    public JsonNode json() {
        return json.deepCopy();
    }

    public String id() {
        return json.path("id").asText();
    }

    public String buriedAt() {
        return json.path("buried_at").asText();
    }

    /** Empty where the record named none; so are the following ones. */
    public String job() {
        return json.path("job").asText();
    }

    public String tenant() {
        return json.path("tenant").asText();
    }

    public String model() {
        return json.path("model").asText();
    }

    public String stage() {
        return json.path("stage").asText();
    }

    public String reason() {
        return json.path("reason").asText();
    }

    public String detail() {
        return json.path("detail").asText();
    }

    /** The number of the last attempt; 0 where it is not known. */
    public int attempt() {
        return json.path("attempt").asInt();
    }

    /** The job that was made of it. */
    public Optional<Replay> replay() {
        JsonNode replay = json.path("replay");
        return replay.isObject()
                ? Optional.of(new Replay(
                        replay.path("job").asText(), replay.path("status").asText()))
                : Optional.empty();
    }

    /** A job, and how it stands. */
    public record Replay(String job, String status) {}
}
