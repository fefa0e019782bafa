package dev.tessera.gateway.kubernetes;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tessera.gateway.PoolSettings;
import dev.tessera.gateway.PoolSettings.Mode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.Map;
import java.util.Objects;

/** KEDA's ScaledObjects: what there is in them for a pool. */
final class ScaledObjects {
    static final ResourceDefinitionContext CONTEXT = new ResourceDefinitionContext.Builder()
            .withGroup("keda.sh")
            .withVersion("v1alpha1")
            .withKind("ScaledObject")
            .withPlural("scaledobjects")
            .withNamespaced(true)
            .build();

    static final String MIN = "minReplicaCount";
    static final String MAX = "maxReplicaCount";
    /** KEDA keeps the size that the pool has. */
    static final String PAUSED = "autoscaling.keda.sh/paused";
    /** KEDA makes the size that this says, and keeps it. */
    static final String PAUSED_REPLICAS = "autoscaling.keda.sh/paused-replicas";

    /** What KEDA takes where the object does not say. */
    private static final int DEFAULT_MAX = 100;

    private ScaledObjects() {}

    static PoolSettings settings(GenericKubernetesResource object) {
        return new PoolSettings(true, number(object, MIN, 0), number(object, MAX, DEFAULT_MAX), mode(object));
    }

    /** A JSON merge patch (RFC 7396): null removes. */
    static String patch(PoolSettings from, PoolSettings to) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        if (from.min() != to.min()) {
            patch.withObjectProperty("spec").put(MIN, to.min());
        }
        if (from.max() != to.max()) {
            patch.withObjectProperty("spec").put(MAX, to.max());
        }
        if (from.mode() != to.mode()) {
            ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
            annotations.putNull(PAUSED).putNull(PAUSED_REPLICAS);
            switch (to.mode()) {
                case RUNNING -> {}
                case PAUSED -> annotations.put(PAUSED, "true");
                case DRAINED -> annotations.put(PAUSED_REPLICAS, "0");
            }
        }
        return patch.toString();
    }

    private static Mode mode(GenericKubernetesResource object) {
        Map<String, String> annotations =
                Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
        if ("0".equals(annotations.get(PAUSED_REPLICAS))) {
            return Mode.DRAINED;
        }
        boolean paused = annotations.get(PAUSED_REPLICAS) != null || "true".equalsIgnoreCase(annotations.get(PAUSED));
        return paused ? Mode.PAUSED : Mode.RUNNING;
    }

    private static int number(GenericKubernetesResource object, String field, int otherwise) {
        return object.get("spec", field) instanceof Number number ? number.intValue() : otherwise;
    }
}
