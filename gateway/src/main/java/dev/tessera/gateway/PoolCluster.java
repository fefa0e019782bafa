package dev.tessera.gateway;

import java.util.Optional;

/** The cluster that runs the pools. Safe for use by many threads. */
public interface PoolCluster {
    /**
     * A pool as it runs; empty when nothing is known of it here.
     *
     * @throws GatewayException with CLUSTER_UNAVAILABLE when the cluster does not say
     */
    Optional<PoolWorkers> read(String pool);

    /**
     * Writes what is different between the two; done twice, it changes nothing more. The cluster follows in its own time.
     *
     * @throws GatewayException with CLUSTER_UNAVAILABLE when the cluster did not take it
     */
    void change(String pool, PoolSettings from, PoolSettings to);
}
