package dev.tessera.gateway.kubernetes;

import dev.tessera.gateway.PoolSettings;
import dev.tessera.gateway.PoolWorkers;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a pool's pods tell of it. */
final class Pods {
    /** What every pod waits for at its start. */
    private static final Set<String> ORDINARY = Set.of("ContainerCreating", "PodInitializing");

    private Pods() {}

    static PoolWorkers workers(PoolSettings settings, int wanted, List<Pod> pods) {
        int ready = 0;
        int loading = 0;
        int pending = 0;
        int leaving = 0;
        Set<String> nodes = new TreeSet<>();
        TreeMap<String, Long> devices = new TreeMap<>();
        List<PoolWorkers.Waiting> waiting = new ArrayList<>();
        for (Pod pod : pods) {
            if (hasEnded(pod)) {
                continue;
            }
            String node = pod.getSpec().getNodeName();
            if (node != null) {
                nodes.add(node);
                devices(pod).forEach((name, count) -> devices.merge(name, count, Long::sum));
            }
            if (pod.getMetadata().getDeletionTimestamp() != null) {
                leaving++;
            } else if (condition(pod, "Ready", "True").isPresent()) {
                ready++;
            } else {
                loading += node == null ? 0 : 1;
                pending += node == null ? 1 : 0;
                why(pod).ifPresent(waiting::add);
            }
        }
        var replicas = new PoolWorkers.Replicas(wanted, ready, loading, pending, leaving);
        return new PoolWorkers(settings, replicas, List.copyOf(nodes), devices, waiting);
    }

    private static boolean hasEnded(Pod pod) {
        String phase = Optional.ofNullable(pod.getStatus())
                .map(status -> status.getPhase())
                .orElse("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** That it found no node, or what keeps a container from starting. */
    private static Optional<PoolWorkers.Waiting> why(Pod pod) {
        String name = pod.getMetadata().getName();
        Optional<PoolWorkers.Waiting> unscheduled = condition(pod, "PodScheduled", "False")
                .map(condition -> waiting(name, condition.getReason(), condition.getMessage()));
        return unscheduled.or(() -> containers(pod).stream()
                .map(container -> container.getState() == null
                        ? null
                        : container.getState().getWaiting())
                .filter(Objects::nonNull)
                .filter(state -> !ORDINARY.contains(Objects.requireNonNullElse(state.getReason(), "")))
                .map((ContainerStateWaiting state) -> waiting(name, state.getReason(), state.getMessage()))
                .findFirst());
    }

    private static PoolWorkers.Waiting waiting(
            String pod,
            @org.jspecify.annotations.Nullable String reason,
            @org.jspecify.annotations.Nullable String message) {
        return new PoolWorkers.Waiting(
                pod, Objects.requireNonNullElse(reason, "Unknown"), Objects.requireNonNullElse(message, ""));
    }

    private static Optional<PodCondition> condition(Pod pod, String type, String status) {
        return Optional.ofNullable(pod.getStatus()).stream()
                .flatMap(known -> known.getConditions().stream())
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))
                .findFirst();
    }

    private static List<ContainerStatus> containers(Pod pod) {
        return pod.getStatus() == null ? List.of() : pod.getStatus().getContainerStatuses();
    }

    /** Extended resources, which have a domain in their names: GPUs, their parts, and their like. */
    private static Map<String, Long> devices(Pod pod) {
        Map<String, Long> devices = new TreeMap<>();
        pod.getSpec().getContainers().stream()
                .filter(container -> container.getResources() != null
                        && container.getResources().getLimits() != null)
                .flatMap(container -> container.getResources().getLimits().entrySet().stream())
                .filter(limit -> limit.getKey().contains("/"))
                .forEach(limit -> devices.merge(limit.getKey(), count(limit.getValue()), Long::sum));
        return devices;
    }

    private static long count(Quantity quantity) {
        return quantity.getNumericalAmount().longValue();
    }
}
