package dev.tessera.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.gateway.GatewayException.Reason;
import java.util.List;
import org.jboss.logging.Logger;

/** What operators can do with pools. */
public final class PoolOperations {
    private static final Logger LOG = Logger.getLogger(PoolOperations.class);

    private final PoolSignal signal;
    private final PoolQueues queues;
    private final PoolCluster cluster;

    public PoolOperations(PoolSignal signal, PoolQueues queues, PoolCluster cluster) {
        this.signal = signal;
        this.queues = queues;
        this.cluster = cluster;
    }

    /** Their work alone: nobody asks the cluster about all of them. */
    List<JsonNode> all() {
        return signal.all().stream().<JsonNode>map(this::document).toList();
    }

    /** With what the cluster knows of it; its work is told even when the cluster says nothing. */
    JsonNode get(String pool) {
        ObjectNode body = document(signal.read(pool));
        try {
            cluster.read(pool).ifPresent(workers -> body.set("cluster", ClusterDocument.of(workers)));
        } catch (GatewayException e) {
            body.set("cluster", ClusterDocument.ofFailure(e.detail()));
        }
        return body;
    }

    private ObjectNode document(PoolReading reading) {
        return PoolDocument.of(reading, queues.records(reading.pool().name()));
    }

    /** @throws GatewayException when there is no such pool, nothing that runs it, or the change cannot be made */
    JsonNode change(String pool, byte[] body) {
        signal.read(pool);
        PoolSettings now = cluster.read(pool)
                .map(PoolWorkers::settings)
                .orElseThrow(
                        () -> new GatewayException(
                                Reason.NO_CLUSTER,
                                "this gateway does not look after the cluster that runs the pool; see tessera.gateway.kubernetes"));
        PoolSettings wanted = PoolChange.of(body, now);
        cluster.change(pool, now, wanted);
        LOG.infof(
                "pool changed: pool=%s min=%d max=%d mode=%s",
                pool, wanted.min(), wanted.max(), wanted.mode().key());
        return get(pool);
    }
}
