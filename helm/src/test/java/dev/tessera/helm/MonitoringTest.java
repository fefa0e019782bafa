package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Alerts and panels ask for nothing that no service tells. */
class MonitoringTest {
    private static final String ON = "monitoring: {rules: true, dashboard: true}";
    private static final Pattern METRIC = Pattern.compile("\\b(tessera_[a-z_]+)\\b");
    private static final Pattern LABEL = Pattern.compile("[{,] *([a-z_]+) *(?:=|!=|=~|!~)\"");
    private static final Pattern GROUPING = Pattern.compile("by \\(([a-z_, ]+)\\)");

    /** Those of the services' meters, and those that Prometheus gives. */
    private static final Set<String> LABELS =
            Set.of("model", "state", "stage", "outcome", "reason", "code", "pool", "le", "namespace", "job", "pod");

    @Test
    void shouldAskOnlyForMetricsThatServicesHave() {
        // Given
        Set<String> known = Meters.inPrometheus();

        // When
        Set<String> asked = new TreeSet<>();
        expressions().forEach(expression -> METRIC.matcher(expression)
                .results()
                .map(result -> result.group(1))
                .forEach(asked::add));

        // Then
        assertThat(asked).hasSizeGreaterThan(15);
        assertThat(known).containsAll(asked);
    }

    @Test
    void shouldAskOnlyForLabelsThatMetricsHave() {
        // When
        Set<String> asked = new TreeSet<>();
        expressions().forEach(expression -> {
            LABEL.matcher(expression).results().map(result -> result.group(1)).forEach(asked::add);
            GROUPING.matcher(expression)
                    .results()
                    .flatMap(MonitoringTest::names)
                    .forEach(asked::add);
        });

        // Then
        assertThat(asked).contains("model", "pool", "namespace").isSubsetOf(LABELS);
    }

    @Test
    void shouldWriteExpressionsInTheNamespaceWithAllBracketsClosed() {
        // When
        List<String> alerts = rules().map(rule -> rule.getExpr().getStrVal()).toList();

        // Then
        assertThat(alerts).isNotEmpty().allSatisfy(expression -> {
            assertThat(expression).contains("{namespace=\"images\"");
            for (String pair : List.of("()", "{}", "[]")) {
                assertThat(count(expression, pair.charAt(0))).isEqualTo(count(expression, pair.charAt(1)));
            }
            assertThat(count(expression, '"')).isEven();
        });
    }

    @Test
    void shouldExplainEachAlertInTheRunbook() throws IOException {
        // Given
        List<String> headings = Files.readAllLines(Meters.REPOSITORY.resolve("docs/operations.md")).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();

        // When
        List<String> alerts = rules().map(Rule::getAlert).toList();

        // Then
        assertThat(alerts).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(headings);
        assertThat(rules()).allSatisfy(rule -> {
            assertThat(rule.getAnnotations())
                    .containsEntry(
                            "runbook", "docs/operations.md#" + rule.getAlert().toLowerCase(Locale.ROOT));
            assertThat(rule.getAnnotations().get("summary")).endsWith(".");
            assertThat(rule.getLabels().get("severity")).isIn("warning", "critical");
        });
    }

    @Test
    void shouldKeepTheNamesOfPrometheusAndGrafanaAsTheyAre() {
        // When
        Rendering rendering = Chart.render("local", ON + "\nfullnameOverride: pictures");

        // Then
        PrometheusRule rule = rendering.get(PrometheusRule.class, "pictures");
        assertThat(rule.getSpec()
                        .getGroups()
                        .getFirst()
                        .getRules()
                        .getFirst()
                        .getExpr()
                        .getStrVal())
                .isEqualTo("absent(up{namespace=\"images\", job=\"pictures-gateway\"} == 1)");
        assertThat(rules().map(each -> each.getAnnotations().get("summary")).toList())
                .contains("The pool {{ $labels.pool }} has work, and nobody does any of it.")
                .contains("One job in a hundred for {{ $labels.model }} takes more than 600 seconds.");
        assertThat(rendering
                        .get(ConfigMap.class, "pictures-dashboard")
                        .getMetadata()
                        .getLabels())
                .containsEntry("grafana_dashboard", "1");
    }

    @Test
    void shouldHaveNothingOfItUnlessAsked() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(rendering.all("PrometheusRule")).isEmpty();
        assertThat(rendering.find("ConfigMap", "tessera-dashboard")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "tessera_gateway_jobs, true",
        "tessera_gateway_jobs_accepted_total, true",
        "tessera_gateway_jobs_accepted, false",
        "tessera_gateway_pool_work_seconds, true",
        "tessera_gateway_pool_work, false",
        "tessera_work_hop_seconds_bucket, true",
        "tessera_work_duration_seconds_bucket, false",
        "tessera_work_duration_seconds_sum, true",
        "tessera_generation_step_rows_count, true",
        "tessera_generation_step_rows_seconds_count, false",
        "tessera_work_in_flight, true",
        "tessera_none, false"
    })
    void shouldKnowWhatPrometheusMakesOfAMeter(String name, boolean there) {
        // When and Then
        assertThat(Meters.inPrometheus().contains(name)).isEqualTo(there);
    }

    private static Stream<String> names(MatchResult grouping) {
        return Stream.of(grouping.group(1).split(", *"));
    }

    private static Stream<String> expressions() {
        return Stream.concat(rules().map(rule -> rule.getExpr().getStrVal()), panels());
    }

    private static Stream<Rule> rules() {
        return Chart.render("local", ON).get(PrometheusRule.class, "tessera").getSpec().getGroups().stream()
                .flatMap(group -> group.getRules().stream());
    }

    private static Stream<String> panels() {
        String dashboard = Chart.render("local", ON)
                .get(ConfigMap.class, "tessera-dashboard")
                .getData()
                .get("tessera.json");
        try {
            JsonNode panels = new ObjectMapper().readTree(dashboard).path("panels");
            assertThat(panels).hasSizeGreaterThan(10);
            return StreamSupport.stream(panels.spliterator(), false)
                    .flatMap(panel -> StreamSupport.stream(panel.path("targets").spliterator(), false))
                    .map(target -> target.path("expr").asText());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static long count(String text, char character) {
        return text.chars().filter(each -> each == character).count();
    }
}
