package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gateway is the only service that anyone calls. */
class GatewayTest {
    @Test
    void shouldBeTheOnlyService() {
        // When
        Rendering rendering = Chart.render("local");

        // Then
        assertThat(rendering.all("Service")).hasSize(1);
        Service service = rendering.get(Service.class, "tessera-gateway");
        assertThat(service.getSpec().getPorts())
                .extracting(ServicePort::getName, ServicePort::getPort)
                .containsExactly(tuple("http", 80));
        assertThat(rendering
                        .deployment("gateway")
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector());
    }

    @Test
    void shouldShowNoMoreThanTheApiThroughAnIngress() {
        // Given
        String values = """
                gateway:
                  ingress:
                    enabled: true
                    className: nginx
                    hosts: [a.example.com, b.example.com]
                    tlsSecret: certificate
                    annotations: {nginx.ingress.kubernetes.io/proxy-buffering: "off"}
                """;

        // When
        Ingress ingress = Chart.render("local", values).get(Ingress.class, "tessera-gateway");

        // Then
        assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("nginx");
        assertThat(ingress.getSpec().getTls().getFirst().getHosts()).containsExactly("a.example.com", "b.example.com");
        assertThat(ingress.getMetadata().getAnnotations())
                .contains(entry("nginx.ingress.kubernetes.io/proxy-buffering", "off"));
        assertThat(ingress.getSpec().getRules()).hasSize(2).allSatisfy(rule -> assertThat(
                        rule.getHttp().getPaths())
                .extracting(HTTPIngressPath::getPath)
                .containsExactly("/v1/jobs", "/v1/models", "/openapi"));
    }

    @Test
    void shouldAttachToAGateway() {
        // When
        HTTPRoute route = Chart.render("production").get(HTTPRoute.class, "tessera-gateway");

        // Then
        assertThat(route.getSpec().getHostnames()).containsExactly("images.example.com");
        assertThat(route.getSpec().getParentRefs().getFirst().getName()).isEqualTo("public");
        assertThat(route.getSpec()
                        .getRules()
                        .getFirst()
                        .getBackendRefs()
                        .getFirst()
                        .getName())
                .isEqualTo("tessera-gateway");
    }

    @Test
    void shouldAnswerUntilEveryoneHasHeardThatItGoes() {
        // When
        Rendering rendering = Chart.render("local");

        // Then
        long seconds = rendering
                .container("gateway")
                .getLifecycle()
                .getPreStop()
                .getSleep()
                .getSeconds();
        assertThat(rendering.pod("gateway").getTerminationGracePeriodSeconds()).isGreaterThan(seconds + 5);
    }

    @Test
    void shouldReadItsSettings() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(rendering.settings("gateway"))
                .contains(
                        entry("tessera.gateway.default-model", "llamagen-xl"),
                        entry("tessera.gateway.jobs.timeout", "2h"),
                        entry("tessera.object-store.bucket", "tessera-images"),
                        entry("kafka.bootstrap.servers", "tessera-kafka-bootstrap.kafka.svc:9093"));
    }

    @Test
    void shouldTakeItsImageFromTheRegistry() {
        // When
        Rendering rendering = Chart.render("local", "image: {registry: r.example.com, repository: a/b, tag: v2}");

        // Then
        assertThat(rendering.container("gateway").getImage()).isEqualTo("r.example.com/a/b/gateway:v2");
        assertThat(rendering.container("encoders").getImage()).isEqualTo("r.example.com/a/b/tokenizer-service:v2");
    }

    @Test
    void shouldNameObjectsAsAsked() {
        // When
        Rendering rendering = Chart.render("local", "{fullnameOverride: pictures, commonLabels: {team: art}}");

        // Then
        assertThat(rendering.names()).contains("Deployment/pictures-gateway", "Deployment/pictures-generators");
        assertThat(rendering.objects())
                .allSatisfy(object ->
                        assertThat(object.at("/metadata/labels/team").asText()).isEqualTo("art"));
    }

    /** Helm prints no tests when it renders; without the annotation it is an object like any other. */
    @Test
    void shouldBeAskedForItsModelsByTheTest(@TempDir Path folder) throws IOException {
        // Given
        Chart.copyTo(folder);
        Path test = folder.resolve("templates/tests/gateway.yaml");
        Files.writeString(test, Files.readString(test).replace("helm.sh/hook", "example.com/hook"));

        // When
        Rendering rendering = Chart.render(folder, List.of(Chart.example("local")));

        // Then
        var container = rendering
                .get(Pod.class, "tessera-test")
                .getSpec()
                .getContainers()
                .getFirst();
        assertThat(container.getCommand()).last().isEqualTo("http://tessera-gateway:80/v1/models");
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    }
}
