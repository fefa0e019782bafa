package dev.tessera.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.assertj.core.api.Assertions;

/** Published definitions of custom resources. As in an API server that is asked to be strict, unknown fields fail. */
final class CustomResources {
    private static final Map<String, String> FILES = Map.of(
            "keda.sh/v1alpha1/ScaledObject", "scaledobjects",
            "kafka.strimzi.io/v1/Kafka", "kafkas",
            "kafka.strimzi.io/v1/KafkaNodePool", "kafkanodepools",
            "kafka.strimzi.io/v1/KafkaUser", "kafkausers",
            "monitoring.coreos.com/v1/ServiceMonitor", "servicemonitors",
            "monitoring.coreos.com/v1/PodMonitor", "podmonitors",
            "monitoring.coreos.com/v1/PrometheusRule", "prometheusrules",
            "gateway.networking.k8s.io/v1/HTTPRoute", "httproutes");

    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

    private CustomResources() {}

    /** @param type version and kind, as in {@code keda.sh/v1alpha1/ScaledObject} */
    static boolean knows(String type) {
        return FILES.containsKey(type);
    }

    /** @throws AssertionError when the object is not as the definition of its type says */
    static void check(String type, JsonNode object) {
        Assertions.assertThat(
                        SCHEMAS.computeIfAbsent(type, CustomResources::load).validate(object))
                .as(object.toPrettyString())
                .isEmpty();
    }

    /** All of them, as they are published. */
    static Stream<JsonNode> definitions() {
        return FILES.values().stream().sorted().map(CustomResources::definition);
    }

    private static JsonSchema load(String type) {
        String version = type.split("/")[1];
        JsonNode versions = definition(FILES.get(type)).at("/spec/versions");
        JsonNode schema = StreamSupport.stream(versions.spliterator(), false)
                .filter(known -> known.path("name").asText().equals(version))
                .findFirst()
                .orElseThrow()
                .at("/schema/openAPIV3Schema");
        close(schema);
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
    }

    private static JsonNode definition(String file) {
        try (InputStream in = CustomResources.class.getResourceAsStream("/crds/" + file + ".yaml")) {
            return new YAMLMapper().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A structural schema lists all fields an object may have, unless it says that it does not. */
    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")
                && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            object.put("additionalProperties", false);
        }
        schema.forEach(CustomResources::close);
    }
}
