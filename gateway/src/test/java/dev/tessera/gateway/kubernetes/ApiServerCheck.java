package dev.tessera.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tessera.gateway.GatewayException;
import dev.tessera.gateway.PoolSettings;
import dev.tessera.gateway.PoolSettings.Mode;
import dev.tessera.gateway.PoolWorkers;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * The pools of the chart's production example in a real API server, read and changed with the very account and role that the
 * chart gives the gateway. No part of the build's tests, since it needs that server: {@code k8s/test} starts it, puts the chart
 * into it, and runs this. No controllers run there: pods are made here, from the Deployments' own templates, as they would make them.
 */
class ApiServerCheck {
    private static final int PATIENCE_MILLIS = 120_000;
    private static final long SECOND = 1_000_000_000L;
    private static final PoolNames NAMES = new PoolNames("production", "tessera", "tessera-");

    private static KubernetesClient admin;
    private static KubernetesClient gateway;

    private final KubernetesPools pools = new KubernetesPools(gateway, NAMES);
    private final DeletionCosts costs = new DeletionCosts(gateway, NAMES, 10);

    @BeforeAll
    static void open() {
        admin = client(environment("TESSERA_API_TOKEN"));
        TokenRequest token = admin.serviceAccounts()
                .inNamespace(NAMES.namespace())
                .withName("tessera-gateway")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(600L)
                        .endSpec()
                        .build());
        gateway = client(token.getStatus().getToken());
    }

    @AfterAll
    static void close() {
        gateway.close();
        admin.close();
    }

    @AfterEach
    void removePods() {
        admin.pods()
                .inNamespace(NAMES.namespace())
                .withLabel(PoolNames.POOL)
                .withGracePeriod(0)
                .delete();
    }

    @Test
    void shouldReadEveryPoolOfTheChart() {
        // When
        PoolWorkers spot = pools.read("xl-spot").orElseThrow();
        PoolWorkers steady = pools.read("xl-steady").orElseThrow();
        PoolWorkers encoders = pools.read("encoders").orElseThrow();

        // Then
        assertThat(spot.settings()).isEqualTo(new PoolSettings(true, 0, 40, Mode.RUNNING));
        assertThat(steady.settings()).isEqualTo(PoolSettings.fixed(2));
        assertThat(encoders.settings()).isEqualTo(new PoolSettings(true, 2, 8, Mode.RUNNING));
        assertThat(steady.replicas()).isEqualTo(new PoolWorkers.Replicas(2, 0, 0, 0, 0));
    }

    @Test
    void shouldTellWhatRunsAndWhyTheRestDoesNot() {
        // Given
        pod("xl-spot", "ready", "node-a", condition("Ready", "True", "", ""));
        pod("xl-spot", "loading", "node-b", condition("Ready", "False", "ContainersNotReady", ""));
        pod("xl-spot", "homeless", "", condition("PodScheduled", "False", "Unschedulable", "0/3 nodes are available"));
        pod("xl-spot", "imageless", "node-b", waiting("ImagePullBackOff", "no such image"));
        pod(
                "xl-spot",
                "gone",
                "node-c",
                new PodStatusBuilder().withPhase("Failed").build());
        pod("xl-steady", "other", "node-d", condition("Ready", "True", "", ""));

        // When
        PoolWorkers workers = pools.read("xl-spot").orElseThrow();

        // Then: without controllers the Deployment's default of one replica is all that is wanted
        assertThat(workers.replicas()).isEqualTo(new PoolWorkers.Replicas(1, 1, 2, 1, 0));
        assertThat(workers.nodes()).containsExactly("node-a", "node-b");
        assertThat(workers.waiting())
                .containsExactlyInAnyOrder(
                        new PoolWorkers.Waiting("homeless", "Unschedulable", "0/3 nodes are available"),
                        new PoolWorkers.Waiting("imageless", "ImagePullBackOff", "no such image"));
    }

    @Test
    void shouldMoveBoundsPauseDrainAndGoOn() {
        // Given
        PoolSettings before = pools.read("xl-spot").orElseThrow().settings();
        PoolSettings moved = new PoolSettings(true, 1, 12, Mode.RUNNING);
        PoolSettings paused = new PoolSettings(true, 1, 12, Mode.PAUSED);
        PoolSettings drained = new PoolSettings(true, 1, 12, Mode.DRAINED);
        Map<String, String> annotations = annotations("xl-spot");

        // When
        PoolSettings asMoved = changed("xl-spot", before, moved);
        PoolSettings asPaused = changed("xl-spot", moved, paused);
        Map<String, String> whilePaused = annotations("xl-spot");
        PoolSettings asDrained = changed("xl-spot", paused, drained);
        Map<String, String> whileDrained = annotations("xl-spot");
        PoolSettings after = changed("xl-spot", drained, before);

        // Then
        assertThat(asMoved).isEqualTo(moved);
        assertThat(asPaused).isEqualTo(paused);
        assertThat(whilePaused).containsEntry(ScaledObjects.PAUSED, "true");
        assertThat(asDrained).isEqualTo(drained);
        assertThat(whileDrained)
                .containsEntry(ScaledObjects.PAUSED_REPLICAS, "0")
                .doesNotContainKey(ScaledObjects.PAUSED);
        assertThat(after).isEqualTo(before);
        assertThat(annotations("xl-spot")).isEqualTo(annotations);
    }

    @Test
    void shouldResizeAPoolOfAFixedSize() {
        // When
        PoolSettings larger = changed("xl-steady", PoolSettings.fixed(2), PoolSettings.fixed(5));
        PoolSettings drained = changed("xl-steady", PoolSettings.fixed(5), PoolSettings.fixed(0));
        PoolSettings back = changed("xl-steady", PoolSettings.fixed(0), PoolSettings.fixed(2));

        // Then
        assertThat(larger).isEqualTo(PoolSettings.fixed(5));
        assertThat(drained.mode()).isEqualTo(Mode.DRAINED);
        assertThat(back).isEqualTo(PoolSettings.fixed(2));
    }

    @Test
    void shouldKeepThePodsDeletionCostsInStep() {
        // Given
        pod("xl-spot", "idle", "node-a", condition("Ready", "True", "", ""));
        pod("xl-spot", "busy", "node-a", condition("Ready", "True", "", ""));
        pod("encoders", "encoder", "node-b", condition("Ready", "True", "", ""));

        // When
        int first = costs.write(Map.of("busy", 12 * SECOND, "encoder", SECOND));
        int second = costs.write(Map.of("busy", 13 * SECOND, "encoder", SECOND));
        String busy = cost("busy");
        int third = costs.write(Map.of());

        // Then
        assertThat(first).isEqualTo(2);
        assertThat(second).isZero();
        assertThat(busy).isEqualTo("20");
        assertThat(third).isEqualTo(2);
        assertThat(cost("busy")).isEqualTo("0");
        assertThat(cost("idle")).isEqualTo("(none)");
    }

    @Test
    void shouldBeAllowedNothingElse() {
        // Given
        pod("xl-spot", "ready", "node-a", condition("Ready", "True", "", ""));
        String namespace = NAMES.namespace();

        // When, then
        assertForbidden(() -> gateway.secrets().inNamespace(namespace).list());
        assertForbidden(() -> gateway.secrets()
                .inNamespace(namespace)
                .withName("tessera-object-store")
                .get());
        assertForbidden(() -> gateway.configMaps().inNamespace(namespace).list());
        assertForbidden(
                () -> gateway.apps().deployments().inNamespace(namespace).list());
        assertForbidden(() -> gateway.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("tessera-gateway")
                .get());
        assertForbidden(() -> gateway.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("tessera-xl-steady")
                .patch("{\"spec\":{\"paused\":true}}"));
        assertForbidden(() -> gateway.apps()
                .deployments()
                .inNamespace(namespace)
                .withName("tessera-gateway")
                .scale(0));
        assertForbidden(
                () -> gateway.pods().inNamespace(namespace).withName("ready").delete());
        assertForbidden(() -> gateway.pods().inNamespace("kafka").list());
        assertForbidden(() -> gateway.nodes().list());
        assertForbidden(() -> gateway.genericKubernetesResources(ScaledObjects.CONTEXT)
                .inNamespace(namespace)
                .withName("tessera-xl-spot")
                .delete());
    }

    @Test
    void shouldSayThatTheApiRefused() {
        // Given a gateway that looks for its pools in a namespace where it has no rights
        var elsewhere = new KubernetesPools(gateway, new PoolNames("kafka", "tessera", "tessera-"));

        // When, then
        assertThatThrownBy(() -> elsewhere.read("xl-spot"))
                .hasMessageContaining("answered 403")
                .asInstanceOf(type(GatewayException.class))
                .extracting(GatewayException::reason)
                .isEqualTo(GatewayException.Reason.CLUSTER_UNAVAILABLE);
    }

    private PoolSettings changed(String pool, PoolSettings from, PoolSettings to) {
        pools.change(pool, from, to);
        return pools.read(pool).orElseThrow().settings();
    }

    private static void assertForbidden(Executable call) {
        assertThatThrownBy(call::execute)
                .asInstanceOf(type(KubernetesClientException.class))
                .extracting(KubernetesClientException::getCode)
                .isEqualTo(403);
    }

    /** Of the pool's own template, which the server holds to the restricted standard; the status is what a node would report. */
    private static void pod(String pool, String name, String node, PodStatus status) {
        var template = admin.apps()
                .deployments()
                .inNamespace(NAMES.namespace())
                .withName(NAMES.of(pool))
                .require()
                .getSpec()
                .getTemplate();
        Pod made = admin.resource(new PodBuilder()
                        .withNewMetadataLike(template.getMetadata())
                        .withNamespace(NAMES.namespace())
                        .withName(name)
                        .endMetadata()
                        .withNewSpecLike(template.getSpec())
                        .withNodeName(node.isEmpty() ? null : node)
                        .endSpec()
                        .build())
                .create();
        admin.resource(new PodBuilder(made).withStatus(status).build()).updateStatus();
    }

    private static PodStatus condition(String kind, String is, String reason, String message) {
        return new PodStatusBuilder()
                .withPhase(kind.equals("Ready") ? "Running" : "Pending")
                .addNewCondition()
                .withType(kind)
                .withStatus(is)
                .withReason(reason)
                .withMessage(message)
                .endCondition()
                .build();
    }

    private static PodStatus waiting(String reason, String message) {
        return new PodStatusBuilder()
                .withPhase("Pending")
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName("generator")
                        .withNewState()
                        .withNewWaiting(message, reason)
                        .endState()
                        .build())
                .build();
    }

    private static Map<String, String> annotations(String pool) {
        return Objects.requireNonNullElse(
                admin.genericKubernetesResources(ScaledObjects.CONTEXT)
                        .inNamespace(NAMES.namespace())
                        .withName(NAMES.of(pool))
                        .require()
                        .getMetadata()
                        .getAnnotations(),
                Map.of());
    }

    private static String cost(String pod) {
        Map<String, String> annotations = admin.pods()
                .inNamespace(NAMES.namespace())
                .withName(pod)
                .require()
                .getMetadata()
                .getAnnotations();
        return annotations.getOrDefault(DeletionCosts.ANNOTATION, "(none)");
    }

    private static KubernetesClient client(String token) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(environment("TESSERA_API_SERVER"))
                .withCaCertFile(environment("TESSERA_API_CERTIFICATE"))
                .withOauthToken(token)
                .withRequestTimeout(PATIENCE_MILLIS)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static String environment(String name) {
        return Objects.requireNonNull(System.getenv(name), name + " is not set: k8s/test runs this");
    }
}
