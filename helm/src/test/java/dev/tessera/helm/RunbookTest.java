package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.rbac.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the runbook says of the chart is there. */
class RunbookTest {
    private static final Pattern SET = Pattern.compile("--set ([A-Za-z.]+)=([A-Za-z]+)");
    private static final Pattern OBJECT = Pattern.compile("(deployment|service|scaledobject)/? ?(tessera-[a-z-]+)");
    private static final Pattern VALUE =
            Pattern.compile("`((?:gateway|monitoring|networkPolicy|autoscale|kafka|serviceAccount)\\.[A-Za-z.]+)`");

    @Test
    void shouldInstallAsTheRunbookSays() {
        // Given
        List<String> values = SET.matcher(commands("helm install"))
                .results()
                .map(RunbookTest::nested)
                .toList();

        // When
        Rendering rendering = Chart.render("production", values.toArray(String[]::new));

        // Then
        assertThat(values).hasSize(4);
        assertThat(rendering.get(Role.class, "tessera-gateway").getRules()).isNotEmpty();
        assertThat(rendering.names())
                .contains(
                        "PrometheusRule/tessera",
                        "ConfigMap/tessera-dashboard",
                        "ServiceMonitor/tessera-gateway",
                        "PodMonitor/tessera-generator");
    }

    @Test
    void shouldNameObjectsThatTheChartMakes() {
        // Given
        List<String> made = Chart.render("production").names().stream()
                .map(name -> name.substring(name.indexOf('/') + 1))
                .toList();

        // When
        List<String> named = OBJECT.matcher(commands("kubectl"))
                .results()
                .map(result -> result.group(2))
                .distinct()
                .toList();

        // Then
        assertThat(named).contains("tessera-gateway", "tessera-xl-spot").isSubsetOf(made);
    }

    @Test
    void shouldNameValuesThatTheChartHas() throws IOException {
        // Given
        JsonNode values =
                new YAMLMapper().readTree(Chart.FOLDER.resolve("values.yaml").toFile());

        // When
        List<String> named = VALUE.matcher(runbook())
                .results()
                .map(result -> result.group(1))
                .distinct()
                .toList();

        // Then
        assertThat(named).hasSizeGreaterThan(5).allSatisfy(name -> {
            // A pool's own, which values.yaml has no list of.
            if (!name.startsWith("autoscale.")) {
                assertThat(values.at("/" + name.replace('.', '/')).isMissingNode())
                        .as(name)
                        .isFalse();
            }
        });
    }

    private static String nested(MatchResult setting) {
        List<String> keys = List.of(setting.group(1).split("\\."));
        StringBuilder text = new StringBuilder();
        keys.forEach(key -> text.append("{\"").append(key).append("\": "));
        return text + setting.group(2) + "}".repeat(keys.size());
    }

    /** The lines of code that begin so. */
    private static String commands(String start) {
        List<String> lines = new ArrayList<>();
        boolean code = false;
        for (String line : runbook().lines().toList()) {
            if (line.startsWith("```")) {
                code = !code;
            } else if (code && Stream.of(line.split(" \\| ")).anyMatch(part -> part.startsWith(start))) {
                lines.add(line);
            }
        }
        assertThat(lines).as(start).isNotEmpty();
        return String.join("\n", lines);
    }

    private static String runbook() {
        Path file = Meters.REPOSITORY.resolve("docs/operations.md");
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
