package dev.tessera.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tessera.gateway.GatewayException;
import dev.tessera.gateway.PoolSettings;
import dev.tessera.gateway.PoolSettings.Mode;
import dev.tessera.gateway.PoolWorkers;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@EnableKubernetesMockClient(crud = true)
class KubernetesPoolsTest {
    // Set by the extension before each test.
    private KubernetesMockServer server;
    private KubernetesClient client;

    private TestCluster cluster;
    private KubernetesPools pools;

    @BeforeEach
    void open() {
        cluster = new TestCluster(client);
        pools = new KubernetesPools(client, TestCluster.NAMES);
    }

    @Test
    void shouldTellWhatRunsAndWhyTheRestDoesNot() {
        // Given
        cluster.deployment("spot", 5);
        cluster.scaler("spot", 1, 8, Map.of());
        cluster.pod("spot", "a", TestCluster.Phase.READY);
        cluster.pod("spot", "b", TestCluster.Phase.READY);
        cluster.pod("spot", "c", TestCluster.Phase.LOADING);
        cluster.pod("spot", "d", TestCluster.Phase.UNSCHEDULABLE);
        cluster.pod("spot", "e", TestCluster.Phase.IMAGE_MISSING);
        cluster.pod("spot", "f", TestCluster.Phase.FAILED);
        cluster.pod("other", "g", TestCluster.Phase.READY);

        // When
        PoolWorkers workers = pools.read("spot").orElseThrow();

        // Then
        assertThat(workers.settings()).isEqualTo(new PoolSettings(true, 1, 8, Mode.RUNNING));
        assertThat(workers.replicas()).isEqualTo(new PoolWorkers.Replicas(5, 2, 2, 1, 0));
        assertThat(workers.nodes()).containsExactly("node-a", "node-b", "node-c", "node-e");
        assertThat(workers.devices()).isEqualTo(Map.of("nvidia.com/mig-1g.10gb", 8L));
        assertThat(workers.waiting())
                .containsExactlyInAnyOrder(
                        new PoolWorkers.Waiting(
                                "d", "Unschedulable", "0/3 nodes are available: 3 Insufficient nvidia.com/gpu."),
                        new PoolWorkers.Waiting("e", "ImagePullBackOff", "no such image"));
    }

    @Test
    void shouldKnowNothingOfAPoolWithoutADeployment() {
        // When and Then
        assertThat(pools.read("none")).isEmpty();
    }

    @Test
    void shouldMoveTheBoundsOfTheScalerAndNothingElse() {
        // Given
        cluster.deployment("spot", 3);
        cluster.scaler("spot", 1, 8, Map.of("mine", "stays"));
        PoolSettings now = pools.read("spot").orElseThrow().settings();

        // When
        pools.change("spot", now, new PoolSettings(true, 0, 20, Mode.RUNNING));

        // Then
        var scaler = cluster.scaler("spot");
        assertThat(scaler.<Object>get("spec", "minReplicaCount")).isEqualTo(0);
        assertThat(scaler.<Object>get("spec", "maxReplicaCount")).isEqualTo(20);
        assertThat(scaler.<Object>get("spec", "scaleTargetRef", "name")).isEqualTo("tessera-spot");
        assertThat(cluster.annotations("spot")).containsEntry("mine", "stays");
        assertThat(cluster.replicas("spot")).isEqualTo(3);
        assertThat(patches()).containsExactly("PATCH application/merge-patch+json scaledobjects/tessera-spot");
    }

    @Test
    void shouldPauseDrainAndGoOn() {
        // Given
        cluster.deployment("spot", 3);
        cluster.scaler("spot", 1, 8, Map.of("mine", "stays"));
        PoolSettings running = new PoolSettings(true, 1, 8, Mode.RUNNING);
        PoolSettings paused = new PoolSettings(true, 1, 8, Mode.PAUSED);
        PoolSettings drained = new PoolSettings(true, 1, 8, Mode.DRAINED);

        // When
        pools.change("spot", running, paused);
        Map<String, String> whilePaused = cluster.annotations("spot");
        PoolSettings readPaused = pools.read("spot").orElseThrow().settings();
        pools.change("spot", paused, drained);
        Map<String, String> whileDrained = cluster.annotations("spot");
        PoolSettings readDrained = pools.read("spot").orElseThrow().settings();
        pools.change("spot", drained, running);

        // Then
        assertThat(whilePaused).isEqualTo(Map.of("mine", "stays", ScaledObjects.PAUSED, "true"));
        assertThat(readPaused).isEqualTo(paused);
        assertThat(whileDrained).isEqualTo(Map.of("mine", "stays", ScaledObjects.PAUSED_REPLICAS, "0"));
        assertThat(readDrained).isEqualTo(drained);
        assertThat(cluster.annotations("spot")).isEqualTo(Map.of("mine", "stays"));
        assertThat(pools.read("spot").orElseThrow().settings()).isEqualTo(running);
    }

    @Test
    void shouldScaleADeploymentThatNobodyElseScales() {
        // Given
        cluster.deployment("steady", 2);
        PoolSettings now = pools.read("steady").orElseThrow().settings();

        // When
        pools.change("steady", now, PoolSettings.fixed(5));

        // Then
        assertThat(now).isEqualTo(PoolSettings.fixed(2));
        assertThat(cluster.replicas("steady")).isEqualTo(5);
        assertThat(patches()).containsExactly("PATCH application/merge-patch+json deployments/tessera-steady/scale");
        pools.change("steady", PoolSettings.fixed(5), PoolSettings.fixed(0));
        assertThat(pools.read("steady").orElseThrow().settings().mode()).isEqualTo(Mode.DRAINED);
    }

    @Test
    void shouldWriteNothingWhereNothingChanges() {
        // Given
        cluster.deployment("steady", 2);

        // When
        pools.change("steady", PoolSettings.fixed(2), PoolSettings.fixed(2));

        // Then
        assertThat(patches()).isEmpty();
    }

    @Test
    void shouldSayThatTheClusterDoesNotAnswer() {
        // Given
        server.destroy();

        // When and Then
        assertThatThrownBy(() -> pools.read("spot"))
                .asInstanceOf(type(GatewayException.class))
                .extracting(GatewayException::reason)
                .isEqualTo(GatewayException.Reason.CLUSTER_UNAVAILABLE);
    }

    /** All that were sent so far. */
    private List<String> patches() {
        return Stream.generate(TestCluster.requests(server))
                .takeWhile(request -> !request.isEmpty())
                .filter(request -> request.startsWith("PATCH"))
                .toList();
    }
}
