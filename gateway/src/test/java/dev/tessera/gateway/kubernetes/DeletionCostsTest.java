package dev.tessera.gateway.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@EnableKubernetesMockClient(crud = true)
class DeletionCostsTest {
    private static final long SECOND = 1_000_000_000L;

    // Set by the extension before each test.
    private KubernetesClient client;

    private TestCluster cluster;
    private DeletionCosts costs;

    @BeforeEach
    void open() {
        cluster = new TestCluster(client);
        costs = new DeletionCosts(client, TestCluster.NAMES, 2);
        cluster.pod("spot", "idle", TestCluster.Phase.READY);
        cluster.pod("spot", "busy", TestCluster.Phase.READY);
        cluster.pod("steady", "full", TestCluster.Phase.READY);
    }

    @Test
    void shouldFollowTheWorkInEachPodsHands() {
        // When
        int first = costs.write(Map.of("busy", 12 * SECOND, "full", 300 * SECOND, "gone", SECOND));
        String busy = cost("busy");
        String full = cost("full");
        int second = costs.write(Map.of("busy", 13 * SECOND, "full", 291 * SECOND));
        int third = costs.write(Map.of("full", 300 * SECOND));

        // Then
        assertThat(first).isEqualTo(2);
        assertThat(busy).isEqualTo("20");
        assertThat(full).isEqualTo("300");
        assertThat(second).isZero();
        assertThat(third).isEqualTo(1);
        assertThat(cost("busy")).isEqualTo("0");
        assertThat(cost("idle")).isEqualTo("(none)");
    }

    @Test
    void shouldWriteNoMoreThanItsBoundTheLargestFirst() {
        // When
        int first = costs.write(Map.of("idle", SECOND, "busy", 50 * SECOND, "full", 300 * SECOND));
        String small = cost("idle");
        int second = costs.write(Map.of("idle", SECOND, "busy", 50 * SECOND, "full", 300 * SECOND));

        // Then
        assertThat(first).isEqualTo(2);
        assertThat(small).isEqualTo("(none)");
        assertThat(second).isEqualTo(1);
        assertThat(cost("idle")).isEqualTo("10");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 10", "10000000000, 10", "10000000001, 20", "9223372036854775807, 2147483647"})
    void shouldCountInSteps(long nanos, int cost) {
        // When and Then
        assertThat(DeletionCosts.cost(nanos)).isEqualTo(cost);
    }

    private String cost(String pod) {
        Map<String, String> annotations = cluster.pod(pod).getMetadata().getAnnotations();
        return annotations == null ? "(none)" : annotations.getOrDefault(DeletionCosts.ANNOTATION, "(none)");
    }
}
