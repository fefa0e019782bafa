package dev.tessera.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;

/** A job as the gateway describes it; keeps members that this version does not know. Immutable. */
public final class Job {
    private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled", "expired");

    private final JsonNode json;

    Job(JsonNode json) {
        if (!json.path("id").isTextual() || !json.path("status").isTextual()) {
            throw new ClientException(ClientException.Reason.PROTOCOL, "this is not a job: " + json);
        }
        this.json = json.deepCopy();
    }

    /** The gateway's own description. */
    public JsonNode json() {
        return json.deepCopy();
    }

    /** This job as an event of kind {@code progress} leaves it. */
    Job with(JsonNode progressEvent) {
        ObjectNode next = json.deepCopy();
        next.set("status", progressEvent.path("status"));
        next.set("progress", progressEvent.path("progress"));
        return new Job(next);
    }

    public String id() {
        return json.path("id").asText();
    }

    public String status() {
        return json.path("status").asText();
    }

    public boolean isFinished() {
        return FINAL.contains(status());
    }

    public boolean hasSucceeded() {
        return status().equals("succeeded");
    }

    public String model() {
        return json.path("model").asText();
    }

    /** Empty for a class model. */
    public Optional<String> prompt() {
        return Optional.ofNullable(json.path("prompt").textValue());
    }

    public long seed() {
        return json.path("seed").asLong();
    }

    public int images() {
        return json.path("images").size();
    }

    public boolean isStored(int index) {
        return json.path("images").path(index).path("status").asText().equals("stored");
    }

    public int tokensDone() {
        return json.path("progress").path("tokens_done").asInt();
    }

    public int tokensTotal() {
        return json.path("progress").path("tokens_total").asInt();
    }

    public int imagesDone() {
        return json.path("progress").path("images_done").asInt();
    }

    public String createdAt() {
        return json.path("created_at").asText();
    }

    /** Why it failed. */
    public Optional<String> failure() {
        JsonNode error = json.path("error");
        if (!error.isObject()) {
            return Optional.empty();
        }
        String where = error.path("stage").asText("");
        return Optional.of((where.isEmpty() ? "" : where + ": ")
                + error.path("code").asText()
                + (error.path("detail").asText("").isEmpty()
                        ? ""
                        : ", " + error.path("detail").asText()));
    }
}
