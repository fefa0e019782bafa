package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A gateway that looks after the pools gets the rights for that, and nobody else gets any. */
class OperationsTest {
    private static final String ON = "gateway: {operations: {enabled: true}}";

    @Test
    void shouldGiveTheGatewayNoMoreThanItsPools() {
        // When
        Rendering rendering = Chart.render("production", ON);

        // Then
        Role role = rendering.get(Role.class, "tessera-gateway");
        assertThat(role.getRules().stream().flatMap(OperationsTest::rights))
                .containsExactlyInAnyOrder(
                        "get deployments [tessera-encoders, tessera-xl-spot, tessera-emoji, tessera-muse, tessera-muse-finer, tessera-decoders, tessera-xl-steady]",
                        "get scaledobjects [tessera-encoders, tessera-xl-spot, tessera-emoji, tessera-muse, tessera-muse-finer, tessera-decoders, tessera-xl-steady]",
                        "patch scaledobjects [tessera-encoders, tessera-xl-spot, tessera-emoji, tessera-muse, tessera-muse-finer, tessera-decoders]",
                        "get deployments/scale [tessera-xl-steady]",
                        "patch deployments/scale [tessera-xl-steady]",
                        "list pods []");
        RoleBinding binding = rendering.get(RoleBinding.class, "tessera-gateway");
        assertThat(binding.getRoleRef().getName()).isEqualTo("tessera-gateway");
        assertThat(binding.getSubjects()).singleElement().satisfies(subject -> {
            assertThat(subject.getName()).isEqualTo("tessera-gateway");
            assertThat(subject.getNamespace()).isEqualTo(Chart.NAMESPACE);
        });
        assertThat(rendering.all("Role")).hasSize(1);
        assertThat(rendering.all("ClusterRole")).isEmpty();
    }

    @Test
    void shouldGiveATokenToTheGatewayAlone() {
        // When
        Rendering rendering = Chart.render("production", ON);

        // Then
        assertThat(rendering.pod("gateway").getAutomountServiceAccountToken()).isTrue();
        assertThat(List.of("encoders", "xl-steady", "xl-spot", "emoji", "muse", "muse-finer", "decoders"))
                .allSatisfy(pool -> assertThat(rendering.pod(pool).getAutomountServiceAccountToken())
                        .isFalse());
    }

    @Test
    void shouldPatchPodsOnlyWhereTheirDeletionCostsAreToBeWritten() {
        // When
        Rendering rendering = Chart.render("local", "gateway: {operations: {enabled: true, deletionCost: true}}");

        // Then
        assertThat(rendering.get(Role.class, "tessera-gateway").getRules().stream()
                        .flatMap(OperationsTest::rights))
                .contains("patch pods []");
        assertThat(rendering.settings("gateway"))
                .contains(entry("tessera.gateway.kubernetes.deletion-cost.enabled", "true"));
    }

    @Test
    void shouldTellTheGatewayWhereThePoolsAre() {
        // When
        Rendering rendering = Chart.render("local", ON + "\nfullnameOverride: pictures");

        // Then
        assertThat(rendering.names()).contains("Deployment/pictures-generators");
        var settings =
                rendering.get(ConfigMap.class, "pictures-gateway").getData().get("application.properties");
        assertThat(settings)
                .contains("tessera.gateway.kubernetes.namespace=images\n")
                .contains("tessera.gateway.kubernetes.release=tessera\n")
                .contains("tessera.gateway.kubernetes.prefix=pictures-\n")
                .contains("tessera.gateway.kubernetes.deletion-cost.enabled=false");
        assertThat(rendering
                        .get(Deployment.class, "pictures-generators")
                        .getMetadata()
                        .getLabels())
                .contains(entry("app.kubernetes.io/instance", "tessera"), entry("tessera.dev/pool", "generators"));
    }

    @Test
    void shouldLetTheGatewayReachTheApi() {
        // When
        NetworkPolicy with = Chart.render(
                        "local",
                        ON + "\nnetworkPolicy: {kubernetes: [{ipBlock: {cidr: 10.0.0.1/32}}], kubernetesPorts: [6443]}")
                .get(NetworkPolicy.class, "tessera-gateway");
        NetworkPolicy without = Chart.render("local").get(NetworkPolicy.class, "tessera-gateway");

        // Then
        assertThat(with.getSpec().getEgress()).last().satisfies(rule -> {
            assertThat(rule.getPorts())
                    .singleElement()
                    .satisfies(port -> assertThat(port.getPort().getIntVal()).isEqualTo(6443));
            assertThat(rule.getTo())
                    .singleElement()
                    .satisfies(peer -> assertThat(peer.getIpBlock().getCidr()).isEqualTo("10.0.0.1/32"));
        });
        assertThat(without.getSpec().getEgress())
                .hasSize(with.getSpec().getEgress().size() - 1);
    }

    @Test
    void shouldLeadThePublicToNothingThatIsForOperators() {
        // When
        HTTPRoute route = Chart.render("production", ON).get(HTTPRoute.class, "tessera-gateway");

        // Then
        assertThat(route.getSpec().getRules().getFirst().getMatches())
                .extracting(match -> match.getPath().getValue())
                .containsExactly("/v1/jobs", "/v1/models", "/openapi");
    }

    private static Stream<String> rights(PolicyRule rule) {
        return rule.getVerbs().stream().flatMap(verb -> rule.getResources().stream()
                .map(resource -> verb + " " + resource + " " + rule.getResourceNames()));
    }
}
