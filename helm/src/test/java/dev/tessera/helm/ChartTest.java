package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChartTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void shouldPassStrictLint() {
        // When
        LintResult result = Chart.lint(Chart.FOLDER);

        // Then
        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("dev.tessera.helm.Chart#examples")
    void shouldPassStrictLintWithTheValuesOfEachExample(String example, @TempDir Path folder) throws IOException {
        // Given
        Chart.copyTo(folder);
        JsonNode values = YAML.readTree(Chart.FOLDER.resolve("values.yaml").toFile());
        merge((ObjectNode) values, YAML.readTree(Chart.example(example).toFile()));
        YAML.writeValue(folder.resolve("values.yaml").toFile(), values);

        // When
        LintResult result = Chart.lint(folder);

        // Then
        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("dev.tessera.helm.Chart#examples")
    void shouldRenderEachExampleInObjectsThatTheApiKnows(String example) {
        // When
        Rendering rendering = Chart.render(example);

        // Then
        assertThat(rendering.names())
                .doesNotHaveDuplicates()
                .contains("Deployment/tessera-gateway", "Deployment/tessera-encoders", "Deployment/tessera-decoders");
        assertThat(rendering.objects())
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/namespace").asText()).isEqualTo(Chart.NAMESPACE));
    }

    @Test
    void shouldHaveThreeExamples() {
        // When
        List<String> examples = Chart.examples().toList();

        // Then
        assertThat(examples).containsExactly("gpu-small", "local", "production");
    }

    /** As Helm merges values: objects by key, everything else whole. */
    private static void merge(ObjectNode values, JsonNode over) {
        over.properties().forEach(entry -> {
            if (entry.getValue().isObject() && values.path(entry.getKey()).isObject()) {
                merge((ObjectNode) values.get(entry.getKey()), entry.getValue());
            } else {
                values.set(entry.getKey(), entry.getValue());
            }
        });
    }
}
