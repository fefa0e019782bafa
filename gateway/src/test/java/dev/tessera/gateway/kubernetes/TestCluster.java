package dev.tessera.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The objects of a release, as the chart and the cluster would make them. */
final class TestCluster {
    static final PoolNames NAMES = new PoolNames("images", "prod", "tessera-");
    private static final String DEVICE = "nvidia.com/mig-1g.10gb";

    private final KubernetesClient client;

    TestCluster(KubernetesClient client) {
        this.client = client;
    }

    /** How a pod stands. */
    enum Phase {
        READY,
        LOADING,
        UNSCHEDULABLE,
        IMAGE_MISSING,
        FAILED
    }

    void deployment(String pool, int replicas) {
        client.resource(new DeploymentBuilder()
                        .withNewMetadata()
                        .withNamespace("images")
                        .withName("tessera-" + pool)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(replicas)
                        .endSpec()
                        .build())
                .create();
    }

    int replicas(String pool) {
        return client.apps()
                .deployments()
                .inNamespace("images")
                .withName("tessera-" + pool)
                .get()
                .getSpec()
                .getReplicas();
    }

    void scaler(String pool, int min, int max, Map<String, String> annotations) {
        client.genericKubernetesResources(ScaledObjects.CONTEXT)
                .inNamespace("images")
                .resource(new GenericKubernetesResourceBuilder()
                        .withApiVersion("keda.sh/v1alpha1")
                        .withKind("ScaledObject")
                        .withNewMetadata()
                        .withNamespace("images")
                        .withName("tessera-" + pool)
                        .withAnnotations(annotations)
                        .endMetadata()
                        .addToAdditionalProperties(
                                "spec",
                                Map.of(
                                        "scaleTargetRef", Map.of("name", "tessera-" + pool),
                                        "minReplicaCount", min,
                                        "maxReplicaCount", max))
                        .build())
                .create();
    }

    GenericKubernetesResource scaler(String pool) {
        return Objects.requireNonNull(client.genericKubernetesResources(ScaledObjects.CONTEXT)
                .inNamespace("images")
                .withName("tessera-" + pool)
                .get());
    }

    /** Of a scaler. The mock keeps a member that a merge patch sets to null; a server removes it (RFC 7396). */
    Map<String, String> annotations(String pool) {
        Map<String, String> annotations =
                new TreeMap<>(scaler(pool).getMetadata().getAnnotations());
        annotations.values().removeIf(Objects::isNull);
        return annotations;
    }

    void pod(String pool, String name, Phase phase) {
        PodBuilder pod = new PodBuilder()
                .withNewMetadata()
                .withNamespace("images")
                .withName(name)
                .addToLabels(PoolNames.RELEASE, "prod")
                .addToLabels(PoolNames.POOL, pool)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("generator")
                .withNewResources()
                .addToLimits(DEVICE, new Quantity("2"))
                .addToLimits("memory", new Quantity("4Gi"))
                .endResources()
                .endContainer()
                .endSpec();
        client.resource(in(pod, name, phase)).create();
    }

    Pod pod(String name) {
        return Objects.requireNonNull(
                client.pods().inNamespace("images").withName(name).get());
    }

    /** The next request that the server has seen, as its method, content type and the end of its path; empty at the end. */
    static Supplier<String> requests(KubernetesMockServer server) {
        return () -> {
            try {
                RecordedRequest request = server.takeRequest(100, TimeUnit.MILLISECONDS);
                if (request == null) {
                    return "";
                }
                String path = request.getPath()
                        .replaceFirst(".*/namespaces/images/", "")
                        .replaceFirst("\\?.*", "");
                String type = Objects.requireNonNullElse(request.getHeader("Content-Type"), "-");
                return request.getMethod() + " " + type.replaceFirst(";.*", "") + " " + path;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static Pod in(PodBuilder pod, String name, Phase phase) {
        if (phase != Phase.UNSCHEDULABLE) {
            pod.editSpec().withNodeName("node-" + name).endSpec();
        }
        return switch (phase) {
            case READY -> conditioned(pod, "Running", "Ready", "True", "", "");
            case LOADING -> conditioned(pod, "Running", "Ready", "False", "ContainersNotReady", "");
            case UNSCHEDULABLE ->
                conditioned(
                        pod,
                        "Pending",
                        "PodScheduled",
                        "False",
                        "Unschedulable",
                        "0/3 nodes are available: 3 Insufficient nvidia.com/gpu.");
            case IMAGE_MISSING ->
                pod.withNewStatus()
                        .withPhase("Pending")
                        .addNewContainerStatus()
                        .withName("generator")
                        .withNewState()
                        .withNewWaiting("no such image", "ImagePullBackOff")
                        .endState()
                        .endContainerStatus()
                        .endStatus()
                        .build();
            case FAILED -> pod.withNewStatus().withPhase("Failed").endStatus().build();
        };
    }

    private static Pod conditioned(
            PodBuilder pod, String phase, String type, String status, String reason, String message) {
        return pod.withNewStatus()
                .withPhase(phase)
                .addNewCondition()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .endCondition()
                .endStatus()
                .build();
    }
}
