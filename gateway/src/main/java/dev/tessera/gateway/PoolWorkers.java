package dev.tessera.gateway;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pool as the cluster runs it.
 *
 * @param nodes where its replicas are, each once
 * @param devices how many of each kind its replicas hold, by the resource's name
 * @param waiting why replicas do not run yet
 */
public record PoolWorkers(
        PoolSettings settings,
        Replicas replicas,
        List<String> nodes,
        SortedMap<String, Long> devices,
        List<Waiting> waiting) {
    public PoolWorkers {
        nodes = List.copyOf(nodes);
        devices = new TreeMap<>(devices);
        waiting = List.copyOf(waiting);
    }

    /**
     * @param wanted what the cluster has been asked for
     * @param ready they take work
     * @param loading they have a node, and pull, start or load their models
     * @param pending they have no node
     * @param leaving they end what they have
     */
    public record Replicas(int wanted, int ready, int loading, int pending, int leaving) {}

    /** @param reason the cluster's own word, for example {@code Unschedulable} */
    public record Waiting(String pod, String reason, String message) {}
}
