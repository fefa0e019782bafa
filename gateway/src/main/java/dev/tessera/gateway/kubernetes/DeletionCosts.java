package dev.tessera.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps {@value #ANNOTATION} of the pools' pods in step with what their deletion would cost: the seconds of engine time in
 * their hands, in steps, so that a cost is not written at every image. Kubernetes asks not to write it often (its controllers
 * look at it only when a Deployment shrinks), so one call writes no more than a bound, the largest differences first.
 */
final class DeletionCosts {
    static final String ANNOTATION = "controller.kubernetes.io/pod-deletion-cost";

    private static final long STEP_SECONDS = 10;
    private static final long NANOS = 1_000_000_000L;
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final PoolNames names;
    private final int most;

    /** @param most pods that one call writes */
    DeletionCosts(KubernetesClient client, PoolNames names, int most) {
        this.client = client;
        this.names = names;
        this.most = most;
    }

    /**
     * @param nanosByPod engine time in the hands of each pod; of others it is none
     * @return how many pods it wrote
     */
    int write(Map<String, Long> nanosByPod) {
        List<Difference> differences = client
                .pods()
                .inNamespace(names.namespace())
                .withLabel(PoolNames.RELEASE, names.release())
                .withLabel(PoolNames.POOL)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .map(pod -> difference(pod, nanosByPod))
                .filter(difference -> difference.is() != difference.should())
                .sorted(Comparator.comparingLong(Difference::size).reversed())
                .limit(most)
                .toList();
        differences.forEach(this::write);
        return differences.size();
    }

    /** None for none, so that idle pods go first; then the next step above. */
    static int cost(long nanos) {
        long steps = Math.ceilDiv(nanos, STEP_SECONDS * NANOS);
        return (int) Math.min(Integer.MAX_VALUE, steps * STEP_SECONDS);
    }

    private void write(Difference difference) {
        client.pods()
                .inNamespace(names.namespace())
                .resource(difference.pod())
                .patch(
                        MERGE,
                        "{\"metadata\":{\"annotations\":{\"" + ANNOTATION + "\":\"" + difference.should() + "\"}}}");
    }

    private static Difference difference(Pod pod, Map<String, Long> nanosByPod) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.of());
        long nanos = nanosByPod.getOrDefault(pod.getMetadata().getName(), 0L);
        return new Difference(pod, number(annotations.getOrDefault(ANNOTATION, "0")), cost(nanos));
    }

    /** What others have written there is replaced. */
    private static long number(String text) {
        return text.matches("-?[0-9]{1,10}") ? Long.parseLong(text) : -1;
    }

    private record Difference(Pod pod, long is, int should) {
        long size() {
            return Math.abs(should - is);
        }
    }
}
