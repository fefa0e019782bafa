package dev.tessera.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;

/** A pool as JSON. */
final class PoolDocument {
    private static final double MILLI = 1e3;

    private PoolDocument() {}

    /** @param records of its queues, if the broker has told */
    static ObjectNode of(PoolReading reading, OptionalLong records) {
        Pool pool = reading.pool();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("name", pool.name())
                .put("object", "pool")
                .put("stage", pool.stage().key());
        ArrayNode models = body.putArray("models");
        pool.models().forEach(models::add);
        body.put("active", reading.active());
        body.putObject("gpu_seconds")
                .put("queued", rounded(reading.queuedSeconds()))
                .put("in_flight", rounded(reading.inFlightSeconds()))
                .put("total", rounded(reading.seconds()))
                .put("target", rounded(pool.targetSeconds()));
        body.put("jobs", reading.load().jobs());
        body.putObject("images")
                .put("upstream", reading.load().upstream())
                .put("queued", reading.load().queued())
                .put("in_flight", reading.load().inFlight());
        records.ifPresent(count -> body.put("records", count));
        body.set("rates", rates(reading));
        body.put("gpu_seconds_per_second", rounded(reading.perSecond()));
        reading.etaSeconds().ifPresent(eta -> body.put("eta_seconds", rounded(eta)));
        return body;
    }

    private static ArrayNode rates(PoolReading reading) {
        ArrayNode rates = JsonNodeFactory.instance.arrayNode();
        reading.rates().forEach(rate -> rates.addObject()
                .put("model", rate.model())
                .put("gpu_seconds_per_image", rounded(rate.secondsPerImage()))
                .put("measured", rate.measured()));
        return rates;
    }

    /** To the millisecond, for people. */
    private static double rounded(double seconds) {
        return Math.round(seconds * MILLI) / MILLI;
    }
}
