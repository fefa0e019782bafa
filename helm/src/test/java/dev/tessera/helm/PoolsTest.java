package dev.tessera.helm;

import static dev.tessera.helm.Pools.TWO_MODELS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pool is one Deployment of a stage for some models on one kind of node. */
class PoolsTest {
    @Test
    void shouldMakeOneDeploymentOfEachPool() {
        // When
        Rendering rendering = Chart.render("local", TWO_MODELS);

        // Then
        assertThat(rendering.all("Deployment").map(object -> object.at("/metadata/name")
                        .asText()))
                .containsExactlyInAnyOrder(
                        "tessera-gateway", "tessera-encoders", "tessera-fast", "tessera-slow", "tessera-decoders");
        assertThat(rendering.deployment("fast").getSpec().getReplicas()).isEqualTo(2);
    }

    @Test
    void shouldSetSlotsAndThreadsByTheNamesThatTheStageReads() {
        // When
        Rendering rendering = Chart.render("local", TWO_MODELS);

        // Then
        assertThat(rendering.settings("fast"))
                .contains(entry("tessera.generator.slots", "8"))
                .doesNotContainKey("tessera.work.slots");
        assertThat(rendering.settings("slow"))
                .contains(entry("tessera.generator.slots", "16"), entry("tessera.generator.threads", "3"));
        assertThat(rendering.settings("encoders")).contains(entry("tessera.work.slots", "4"));
        assertThat(rendering.settings("decoders")).contains(entry("tessera.work.slots", "2"));
    }

    @Test
    void shouldGiveAModelWithSuperResolutionAPoolOfThatStage() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(rendering.container("muse-finer").getImage()).contains("/superres-service:");
        assertThat(rendering.settings("muse-finer"))
                .contains(
                        entry("tessera.superres.slots", "4"),
                        entry("tessera.superres.drain-timeout", "3s"),
                        entry("tessera.models.directories", "/models/muse"));
        assertThat(rendering.settings("gateway")).containsEntry("tessera.gateway.pools.muse-finer.stage", "superres");
    }

    @Test
    void shouldDrainWithinTheGracePeriod() {
        // Given
        String values = "generator: {drainSeconds: 120, finishSeconds: 60}";

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        assertThat(rendering.settings("generators"))
                .contains(
                        entry("tessera.generator.drain-timeout", "60s"),
                        entry("tessera.work.shutdown-grace", "120s"),
                        entry("quarkus.shutdown.timeout", "125s"));
        assertThat(rendering.pod("generators").getTerminationGracePeriodSeconds())
                .isEqualTo(130);
    }

    @Test
    void shouldWaitForTheModelsToBeLoaded() {
        // Given
        String values = "generator: {startupSeconds: 1201}";

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        var probe = rendering.container("generators").getStartupProbe();
        assertThat(probe.getFailureThreshold() * probe.getPeriodSeconds()).isGreaterThanOrEqualTo(1201);
    }

    @Test
    void shouldLetAPoolOverrideItsStage() {
        // Given
        String values = """
                pools:
                  - {name: encoders, stage: tokenizer, models: [emoji-llamagen], replicas: 1}
                  - {name: decoders, stage: decoder, models: [emoji-llamagen], replicas: 1}
                  - name: generators
                    stage: generator
                    models: [emoji-llamagen]
                    replicas: 1
                    image: registry.example.com/generator:cuda
                    jvmOptions: -Xmx1g
                    startupSeconds: 60
                    resources: {limits: {memory: 8Gi}}
                    podLabels: {team: pictures}
                    podAnnotations: {note: "1"}
                    config: {tessera.generator.spinning: true, quarkus.log.level: DEBUG}
                config: {quarkus.log.level: WARN}
                """;

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        assertThat(rendering.container("generators").getImage()).isEqualTo("registry.example.com/generator:cuda");
        assertThat(rendering.environment("generators").get("JDK_JAVA_OPTIONS").getValue())
                .isEqualTo("-Xmx1g");
        assertThat(rendering.container("generators").getResources().getRequests())
                .isEmpty();
        assertThat(rendering.settings("generators"))
                .contains(entry("tessera.generator.spinning", "true"), entry("quarkus.log.level", "DEBUG"));
        assertThat(rendering.settings("decoders")).contains(entry("quarkus.log.level", "WARN"));
        Map<String, String> labels = rendering
                .deployment("generators")
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getLabels();
        assertThat(labels)
                .contains(
                        entry("team", "pictures"),
                        entry("tessera.dev/pool", "generators"),
                        entry("app.kubernetes.io/component", "generator"));
    }

    @Test
    void shouldStartPodsAnewWhenTheirSettingsChange() {
        // When
        Rendering before = Chart.render("local");
        Rendering after = Chart.render("local", "generator: {slots: 3}");

        // Then
        assertThat(checksum(after, "generators")).isNotEqualTo(checksum(before, "generators"));
        assertThat(checksum(after, "decoders")).isEqualTo(checksum(before, "decoders"));
    }

    @Test
    void shouldKeepAllButOneReplicaWhenNodesAreDrained() {
        // When
        Rendering rendering = Chart.render("local", TWO_MODELS);

        // Then
        assertThat(rendering.find("PodDisruptionBudget", "tessera-fast"))
                .hasValueSatisfying(budget ->
                        assertThat(budget.at("/spec/maxUnavailable").asInt()).isOne());
        assertThat(rendering.find("PodDisruptionBudget", "tessera-slow")).isEmpty();
    }

    private static String checksum(Rendering rendering, String name) {
        return rendering
                .deployment(name)
                .getSpec()
                .getTemplate()
                .getMetadata()
                .getAnnotations()
                .get("checksum/config");
    }
}
