package dev.tessera.helm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/**
 * What the chart makes of some values. Every object has been read by the strict types of the API.
 *
 * @param objects as trees, in the order in which Helm prints them
 */
record Rendering(List<JsonNode> objects) {
    private static final YAMLMapper YAML = new YAMLMapper();

    static Rendering of(String text) {
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(text)) {
            List<JsonNode> objects = documents.readAll().stream()
                    .filter(document -> document != null && document.isObject())
                    .toList();
            Assertions.assertThat(objects).as("rendered objects").isNotEmpty();
            objects.forEach(KubernetesModel::check);
            return new Rendering(objects);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    /** {@code kind/name} of every object. */
    List<String> names() {
        return objects.stream()
                .map(object -> object.path("kind").asText() + "/"
                        + object.path("metadata").path("name").asText())
                .toList();
    }

    Stream<JsonNode> all(String kind) {
        return objects.stream().filter(object -> object.path("kind").asText().equals(kind));
    }

    Optional<JsonNode> find(String kind, String name) {
        return all(kind)
                .filter(object -> object.path("metadata").path("name").asText().equals(name))
                .findFirst();
    }

    <T extends HasMetadata> T get(Class<T> type, String name) {
        return find(HasMetadata.getKind(type), name)
                .map(object -> KubernetesModel.read(object, type))
                .orElseThrow(
                        () -> new AssertionError("no " + HasMetadata.getKind(type) + "/" + name + " among " + names()));
    }

    Deployment deployment(String name) {
        return get(Deployment.class, "tessera-" + name);
    }

    PodSpec pod(String name) {
        return deployment(name).getSpec().getTemplate().getSpec();
    }

    Container container(String name) {
        return pod(name).getContainers().getFirst();
    }

    Map<String, EnvVar> environment(String name) {
        return container(name).getEnv().stream().collect(Collectors.toMap(EnvVar::getName, variable -> variable));
    }

    /** The settings that a Deployment's pods read. */
    Map<String, String> settings(String name) {
        ConfigMap map = get(ConfigMap.class, "tessera-" + name);
        Properties properties = new Properties();
        try {
            properties.load(
                    new StringReader(Objects.requireNonNull(map.getData().get("application.properties"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
        return settings;
    }
}
