package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import org.junit.jupiter.api.Test;

/** KEDA scales each pool that asks for it, on what the gateway says of the pool. */
class AutoscalingTest {
    @Test
    void shouldScaleAPoolBetweenItsBounds() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(rendering.all("ScaledObject").map(object -> object.at("/metadata/name")
                        .asText()))
                .containsExactlyInAnyOrder(
                        "tessera-encoders",
                        "tessera-xl-spot",
                        "tessera-emoji",
                        "tessera-muse",
                        "tessera-muse-finer",
                        "tessera-decoders");
        JsonNode spot =
                rendering.find("ScaledObject", "tessera-xl-spot").orElseThrow().path("spec");
        assertThat(spot.at("/scaleTargetRef/name").asText()).isEqualTo("tessera-xl-spot");
        assertThat(spot.path("minReplicaCount").asInt()).isZero();
        assertThat(spot.path("maxReplicaCount").asInt()).isEqualTo(40);
    }

    @Test
    void shouldAskTheGatewayForThePool() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        JsonNode trigger =
                rendering.find("ScaledObject", "tessera-xl-spot").orElseThrow().at("/spec/triggers/0");
        assertThat(trigger.path("type").asText()).isEqualTo("external-push");
        assertThat(trigger.at("/metadata/scalerAddress").asText()).isEqualTo("tessera-scaler.images.svc:9091");
        assertThat(trigger.at("/metadata/pool").asText()).isEqualTo("xl-spot");
    }

    @Test
    void shouldTellTheGatewayOfThePoolsThatItMeasures() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(rendering.settings("gateway"))
                .containsEntry("tessera.gateway.scaler.target", "30s")
                .containsEntry("tessera.gateway.pools.encoders.stage", "tokenizer")
                .containsEntry("tessera.gateway.pools.encoders.models", "llamagen-xl,emoji-llamagen,muse")
                .containsEntry("tessera.gateway.pools.xl-spot.stage", "generator")
                .containsEntry("tessera.gateway.pools.xl-spot.models", "llamagen-xl")
                .containsEntry("tessera.gateway.pools.xl-spot.target", "60s")
                .containsEntry("tessera.gateway.pools.xl-steady.stage", "generator")
                .containsEntry("tessera.gateway.pools.decoders.models", "llamagen-xl,emoji-llamagen,muse")
                .doesNotContainKeys(
                        "tessera.gateway.pools.encoders.target",
                        "tessera.gateway.pools.xl-steady.target",
                        "tessera.gateway.pools.decoders.target");
    }

    @Test
    void shouldOpenTheScalersPortToKedaAlone() {
        // When
        Rendering rendering = Chart.render("production", "gateway: {service: {type: LoadBalancer}}");

        // Then
        Service scaler = rendering.get(Service.class, "tessera-scaler");
        assertThat(scaler.getSpec().getType()).isEqualTo("ClusterIP");
        assertThat(scaler.getSpec().getPorts()).extracting(ServicePort::getPort).containsExactly(9091);
        assertThat(rendering.get(Service.class, "tessera-gateway").getSpec().getPorts())
                .extracting(ServicePort::getName)
                .containsExactly("http");
        assertThat(rendering.container("gateway").getPorts())
                .extracting(ContainerPort::getContainerPort)
                .containsExactly(8080, 9091);
        NetworkPolicy policy = rendering.get(NetworkPolicy.class, "tessera-gateway");
        assertThat(policy.getSpec().getIngress())
                .filteredOn(
                        rule -> rule.getPorts().getFirst().getPort().getStrVal().equals("scaler"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.getFrom()).singleElement().satisfies(peer -> assertThat(
                                peer.getNamespaceSelector().getMatchLabels())
                        .containsEntry("kubernetes.io/metadata.name", "keda")));
    }

    @Test
    void shouldLeaveTheNumberOfReplicasToTheScaler() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(rendering.deployment("xl-spot").getSpec().getReplicas()).isNull();
        assertThat(rendering.deployment("xl-steady").getSpec().getReplicas()).isEqualTo(2);
        assertThat(rendering.find("PodDisruptionBudget", "tessera-xl-spot")).isPresent();
    }

    @Test
    void shouldScaleTokenizersToo() {
        // Given
        String values = """
                pools:
                  - {name: encoders, stage: tokenizer, models: [emoji-llamagen], autoscale: {min: 0, max: 3, targetSeconds: 5}}
                  - {name: generators, stage: generator, models: [emoji-llamagen], replicas: 1}
                  - {name: decoders, stage: decoder, models: [emoji-llamagen], replicas: 1}
                """;

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        JsonNode spec =
                rendering.find("ScaledObject", "tessera-encoders").orElseThrow().path("spec");
        assertThat(spec.at("/scaleTargetRef/name").asText()).isEqualTo("tessera-encoders");
        assertThat(spec.path("minReplicaCount").asInt()).isZero();
        assertThat(spec.at("/triggers/0/metadata/pool").asText()).isEqualTo("encoders");
        assertThat(rendering.settings("gateway")).containsEntry("tessera.gateway.pools.encoders.target", "5s");
        assertThat(rendering.deployment("encoders").getSpec().getReplicas()).isNull();
    }

    @Test
    void shouldHaveNothingOfItWhereNoPoolAsksForIt() {
        // When
        Rendering rendering = Chart.render("local");

        // Then
        assertThat(rendering.all("ScaledObject")).isEmpty();
        assertThat(rendering.find("Service", "tessera-scaler")).isEmpty();
        assertThat(rendering.container("gateway").getPorts()).hasSize(1);
    }
}
