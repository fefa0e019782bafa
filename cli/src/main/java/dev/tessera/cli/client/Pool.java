package dev.tessera.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;

/** A pool as the gateway describes it; keeps members that this version does not know. Immutable. */
public final class Pool {
    private final JsonNode json;

    Pool(JsonNode json) {
        if (!json.path("name").isTextual() || !json.path("gpu_seconds").isObject()) {
            throw new ClientException(ClientException.Reason.PROTOCOL, "this is not a pool: " + json);
        }
        this.json = json.deepCopy();
    }

    /** The gateway's own description. */
    public JsonNode json() {
        return json.deepCopy();
    }

    public String name() {
        return json.path("name").asText();
    }

    public String stage() {
        return json.path("stage").asText();
    }

    /** Engine time of images that wait. */
    public double queuedSeconds() {
        return json.at("/gpu_seconds/queued").asDouble();
    }

    /** Engine time that is left of images that are begun. */
    public double inFlightSeconds() {
        return json.at("/gpu_seconds/in_flight").asDouble();
    }

    /** Engine time of work that one worker should have before it. */
    public double targetSeconds() {
        return json.at("/gpu_seconds/target").asDouble();
    }

    public long imagesQueued() {
        return json.at("/images/queued").asLong();
    }

    public long imagesInFlight() {
        return json.at("/images/in_flight").asLong();
    }

    /** What the cluster knows of it; empty where the gateway looks after none. */
    public Optional<PoolCluster> cluster() {
        JsonNode cluster = json.path("cluster");
        return cluster.isObject() ? Optional.of(new PoolCluster(cluster)) : Optional.empty();
    }

    /** Seconds until the work is done; empty when none was done of late. */
    public OptionalDouble etaSeconds() {
        JsonNode eta = json.path("eta_seconds");
        return eta.isNumber() ? OptionalDouble.of(eta.asDouble()) : OptionalDouble.empty();
    }
}
