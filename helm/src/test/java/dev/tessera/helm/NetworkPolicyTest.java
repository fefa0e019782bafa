package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pods talk along the arrows of the flow: to the broker and the bucket; only the gateway is called. */
class NetworkPolicyTest {
    @ParameterizedTest
    @ValueSource(strings = {"tokenizer", "generator", "decoder"})
    void shouldLetNobodyButPrometheusAskAWorker(String stage) {
        // When
        NetworkPolicy policy = Chart.render("local").get(NetworkPolicy.class, "tessera-" + stage);

        // Then
        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                .containsEntry("app.kubernetes.io/component", stage);
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).singleElement().satisfies(rule -> assertThat(
                        rule.getFrom().getFirst().getNamespaceSelector().getMatchLabels())
                .isEqualTo(Map.of("kubernetes.io/metadata.name", "monitoring")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gateway", "tokenizer", "generator", "decoder"})
    void shouldLetEveryoneReachTheBrokerAndTheBucketAndNothingElse(String service) {
        // When
        NetworkPolicy policy = Chart.render("local").get(NetworkPolicy.class, "tessera-" + service);

        // Then
        assertThat(ports(policy.getSpec().getEgress())).containsExactly(53, 53, 9092, 9000);
    }

    @Test
    void shouldKnowThePortsOfHttpsAndOfSeveralBrokers() {
        // Given
        String values = """
                kafka: {bootstrapServers: "a:9092,b:9092,c:9094"}
                objectStore: {endpoint: "https://s3.example.com"}
                """;

        // When
        NetworkPolicy policy = Chart.render("local", values).get(NetworkPolicy.class, "tessera-decoder");

        // Then
        assertThat(ports(policy.getSpec().getEgress())).containsExactly(53, 53, 9092, 9094, 443);
    }

    @Test
    void shouldNarrowTheRulesToThePeersThatAreNamed() {
        // Given
        String values = "networkPolicy: {extraEgress: [{ports: [{port: 4317, protocol: TCP}]}]}";

        // When
        Rendering rendering = Chart.render("production", values);

        // Then
        NetworkPolicy gateway = rendering.get(NetworkPolicy.class, "tessera-gateway");
        assertThat(gateway.getSpec().getIngress()).hasSize(3);
        assertThat(gateway.getSpec().getIngress().getFirst().getFrom())
                .hasSize(2)
                .last()
                .satisfies(peer -> assertThat(peer.getPodSelector().getMatchLabels())
                        .containsEntry("app.kubernetes.io/component", "test"));
        NetworkPolicy decoder = rendering.get(NetworkPolicy.class, "tessera-decoder");
        assertThat(decoder.getSpec().getEgress().get(1).getTo()).singleElement().satisfies(peer -> assertThat(
                        peer.getPodSelector().getMatchLabels())
                .containsEntry("strimzi.io/cluster", "tessera"));
        assertThat(ports(decoder.getSpec().getEgress())).endsWith(4317);
    }

    @Test
    void shouldLetNobodyAskAWorkerWhereNoMonitoringIsNamed() {
        // When
        NetworkPolicy policy =
                Chart.render("local", "networkPolicy: {monitoring: []}").get(NetworkPolicy.class, "tessera-generator");

        // Then
        assertThat(policy.getSpec().getIngress()).isEmpty();
        assertThat(policy.getSpec().getPolicyTypes()).contains("Ingress");
    }

    @Test
    void shouldLeaveThemOutWhereAskedTo() {
        // When
        Rendering rendering = Chart.render("local", "networkPolicy: {enabled: false}");

        // Then
        assertThat(rendering.all("NetworkPolicy")).isEmpty();
    }

    private static List<Integer> ports(List<NetworkPolicyEgressRule> rules) {
        return rules.stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(NetworkPolicyPort::getPort)
                .map(port -> port.getIntVal())
                .toList();
    }
}
