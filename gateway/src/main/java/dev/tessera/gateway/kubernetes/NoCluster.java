package dev.tessera.gateway.kubernetes;

import dev.tessera.gateway.GatewayException;
import dev.tessera.gateway.PoolCluster;
import dev.tessera.gateway.PoolSettings;
import dev.tessera.gateway.PoolWorkers;
import java.util.Optional;

/** The gateway runs by itself, or may not speak to the cluster it runs in. */
final class NoCluster implements PoolCluster {
    @Override
    public Optional<PoolWorkers> read(String pool) {
        return Optional.empty();
    }

    @Override
    public void change(String pool, PoolSettings from, PoolSettings to) {
        throw new GatewayException(GatewayException.Reason.NO_CLUSTER, "there is no cluster");
    }
}
