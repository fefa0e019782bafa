package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The folder {@code k8s}: what a cluster needs before the chart. */
class PrerequisitesTest {
    private static final Path FOLDER = Chart.FOLDER.resolve("../../k8s").normalize();
    private static final YAMLMapper YAML = new YAMLMapper();

    static Stream<Path> files() {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.endsWith("kind.yaml"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldBeObjectsThatTheApiKnows(Path file) {
        // When
        List<JsonNode> objects = objects(file);

        // Then
        assertThat(objects).isNotEmpty().allSatisfy(KubernetesModel::check);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka/kafka.yaml", "dev/kafka.yaml"})
    void shouldSetTheBrokerAsTheBrokerAllows(String file) {
        // When
        ObjectNode settings =
                (ObjectNode) find(FOLDER.resolve(file), "Kafka", "tessera").at("/spec/kafka/config");

        // Then
        assertThat(settings.properties()).isNotEmpty().allSatisfy(setting -> {
            ConfigDef.ConfigKey key =
                    AbstractKafkaConfig.CONFIG_DEF.configKeys().get(setting.getKey());
            assertThat(key).as(setting.getKey()).isNotNull();
            Object value = ConfigDef.parseType(key.name, setting.getValue().asText(), key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, value);
            }
        });
        assertThat(settings.path("group.share.delivery.count.limit").asInt()).isEqualTo(10);
    }

    @Test
    void shouldKeepAsManyCopiesAsThereAreBrokers() {
        // Given
        Path single = FOLDER.resolve("dev/kafka.yaml");

        // When
        JsonNode settings = find(single, "Kafka", "tessera").at("/spec/kafka/config");

        // Then
        int brokers =
                find(single, "KafkaNodePool", "single").at("/spec/replicas").asInt();
        assertThat(brokers).isOne();
        assertThat(settings.path("share.coordinator.state.topic.replication.factor")
                        .asInt())
                .isEqualTo(brokers);
        assertThat(settings.path("share.coordinator.state.topic.min.isr").asInt())
                .isEqualTo(brokers);
    }

    @Test
    void shouldHaveWhatTheSmallestExampleNames() throws IOException {
        // Given
        JsonNode values = YAML.readTree(Chart.example("local").toFile());

        // When
        List<String> names = files().filter(file -> file.startsWith(FOLDER.resolve("dev")))
                .flatMap(file -> objects(file).stream())
                .map(PrerequisitesTest::name)
                .toList();

        // Then
        assertThat(values.at("/kafka/bootstrapServers").asText()).isEqualTo("tessera-kafka-bootstrap:9092");
        assertThat(names).contains("Kafka/images/tessera");
        assertThat(values.at("/objectStore/endpoint").asText()).isEqualTo("http://minio:9000");
        assertThat(names).contains("Service/images/minio");
        assertThat(names)
                .contains("PersistentVolumeClaim/images/"
                        + values.at("/models/0/bundle/claim/name").asText());
        assertThat(Files.readString(FOLDER.resolve("dev/minio.yaml")))
                .contains("name: " + values.at("/objectStore/secret").asText());
    }

    @Test
    void shouldHaveWhatTheLargerExampleNames() throws IOException {
        // Given
        JsonNode values = YAML.readTree(Chart.example("production").toFile());
        Path file = FOLDER.resolve("kafka/kafka.yaml");

        // When
        JsonNode listener = find(file, "Kafka", "tessera").at("/spec/kafka/listeners/0");

        // Then
        assertThat(values.at("/kafka/bootstrapServers").asText())
                .isEqualTo("tessera-kafka-bootstrap.kafka.svc:" + listener.path("port"));
        assertThat(listener.at("/authentication/type").asText()).isEqualTo("scram-sha-512");
        JsonNode user = find(file, "KafkaUser", values.at("/kafka/sasl/secret").asText());
        assertThat(user.at("/spec/authentication/type").asText()).isEqualTo("scram-sha-512");
    }

    @ParameterizedTest
    @MethodSource("dev.tessera.helm.Chart#examples")
    void shouldMakeNoObjectThatTheChartMakes(String example) {
        // Given
        Set<String> own = files().flatMap(file -> objects(file).stream())
                .map(PrerequisitesTest::name)
                .collect(Collectors.toSet());

        // When
        List<String> charts = Chart.render(example).objects().stream()
                .map(PrerequisitesTest::name)
                .toList();

        // Then
        assertThat(own).isNotEmpty().doesNotContainAnyElementsOf(charts);
    }

    private static JsonNode find(Path file, String kind, String name) {
        return objects(file).stream()
                .filter(object -> object.path("kind").asText().equals(kind)
                        && object.at("/metadata/name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String name(JsonNode object) {
        return object.path("kind").asText() + "/"
                + object.at("/metadata/namespace").asText() + "/"
                + object.at("/metadata/name").asText();
    }

    static List<JsonNode> objects(Path file) {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
            return documents.readAll();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
