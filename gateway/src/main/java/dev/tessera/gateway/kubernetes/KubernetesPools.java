package dev.tessera.gateway.kubernetes;

import dev.tessera.gateway.GatewayException;
import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.gateway.PoolCluster;
import dev.tessera.gateway.PoolSettings;
import dev.tessera.gateway.PoolWorkers;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A pool is one Deployment. Where KEDA finds its size, there is a ScaledObject of the same name, and its bounds are what
 * counts; otherwise the Deployment's scale is. Both are written by JSON merge patches of only what changes, so that nothing is
 * taken back that others have written meanwhile.
 */
final class KubernetesPools implements PoolCluster {
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final PoolNames names;

    KubernetesPools(KubernetesClient client, PoolNames names) {
        this.client = client;
        this.names = names;
    }

    @Override
    public Optional<PoolWorkers> read(String pool) {
        return asking(() -> Optional.ofNullable(deployment(pool).get()).map(found -> workers(pool, found)));
    }

    @Override
    public void change(String pool, PoolSettings from, PoolSettings to) {
        if (from.equals(to)) {
            return;
        }
        asking(() -> Objects.requireNonNullElse(to.autoscaled() ? rebound(pool, from, to) : resized(pool, to), pool));
    }

    private Object rebound(String pool, PoolSettings from, PoolSettings to) {
        return scaler(pool).patch(MERGE, ScaledObjects.patch(from, to));
    }

    private Object resized(String pool, PoolSettings to) {
        return deployment(pool).subresource("scale").patch(MERGE, "{\"spec\":{\"replicas\":" + to.max() + "}}");
    }

    private PoolWorkers workers(String pool, Deployment deployment) {
        int wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
        PoolSettings settings = Optional.ofNullable(scaler(pool).get())
                .map(ScaledObjects::settings)
                .orElseGet(() -> PoolSettings.fixed(wanted));
        List<Pod> pods = client.pods()
                .inNamespace(names.namespace())
                .withLabel(PoolNames.RELEASE, names.release())
                .withLabel(PoolNames.POOL, pool)
                .list()
                .getItems();
        return Pods.workers(settings, wanted, pods);
    }

    private Resource<Deployment> deployment(String pool) {
        return client.apps().deployments().inNamespace(names.namespace()).withName(names.of(pool));
    }

    private Resource<GenericKubernetesResource> scaler(String pool) {
        return client.genericKubernetesResources(ScaledObjects.CONTEXT)
                .inNamespace(names.namespace())
                .withName(names.of(pool));
    }

    /** The API's own message may name accounts; its status is enough to go by, and the rest is in the API's log. */
    private static <T> T asking(Supplier<T> question) {
        try {
            return question.get();
        } catch (KubernetesClientException e) {
            String what = e.getCode() > 0 ? "answered " + e.getCode() : "gave no answer";
            throw new GatewayException(Reason.CLUSTER_UNAVAILABLE, "the Kubernetes API " + what);
        }
    }
}
