package dev.tessera.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What the cluster knows of a pool, as JSON. */
final class ClusterDocument {
    private ClusterDocument() {}

    static ObjectNode of(PoolWorkers workers) {
        PoolSettings settings = workers.settings();
        PoolWorkers.Replicas replicas = workers.replicas();
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("autoscaled", settings.autoscaled())
                .put("mode", settings.mode().key())
                .put("min", settings.min())
                .put("max", settings.max());
        body.putObject("replicas")
                .put("wanted", replicas.wanted())
                .put("ready", replicas.ready())
                .put("loading", replicas.loading())
                .put("pending", replicas.pending())
                .put("leaving", replicas.leaving());
        ArrayNode nodes = body.putArray("nodes");
        workers.nodes().forEach(nodes::add);
        ObjectNode devices = body.putObject("devices");
        workers.devices().forEach(devices::put);
        ArrayNode waiting = body.putArray("waiting");
        workers.waiting().forEach(why -> waiting.addObject()
                .put("pod", why.pod())
                .put("reason", why.reason())
                .put("message", why.message()));
        return body;
    }

    /** The cluster did not say. */
    static ObjectNode ofFailure(String detail) {
        return JsonNodeFactory.instance.objectNode().put("error", detail);
    }
}
