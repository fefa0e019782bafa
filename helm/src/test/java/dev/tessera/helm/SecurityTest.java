package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pods may do what the restricted pod security standard allows, and less. */
class SecurityTest {
    @ParameterizedTest
    @MethodSource("dev.tessera.helm.Chart#examples")
    void shouldRunEveryPodRestricted(String example) {
        // When
        Rendering rendering = Chart.render(example);

        // Then
        assertThat(pods(rendering)).hasSizeGreaterThan(3).allSatisfy(pod -> {
            assertThat(pod.getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getEnableServiceLinks()).isFalse();
            assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
            assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(pod.getHostNetwork()).isNull();
            assertThat(pod.getVolumes())
                    .allSatisfy(volume -> assertThat(volume.getHostPath()).isNull());
            assertThat(pod.getContainers()).hasSize(1).allSatisfy(SecurityTest::isRestricted);
        });
    }

    private static void isRestricted(Container container) {
        assertThat(container.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        assertThat(container.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
        assertThat(container.getResources().getLimits()).containsKey("memory");
    }

    /** The gateway, and every stage that has a pool. */
    private static int stages(Rendering rendering) {
        return (int) rendering
                .all("Deployment")
                .map(deployment -> deployment.at("/metadata/labels/app.kubernetes.io~1component"))
                .distinct()
                .count();
    }

    @ParameterizedTest
    @MethodSource("dev.tessera.helm.Chart#examples")
    void shouldGiveNoAccountAnyRight(String example) {
        // When
        Rendering rendering = Chart.render(example);

        // Then
        assertThat(rendering.all("ServiceAccount")).hasSize(stages(rendering)).allSatisfy(account -> assertThat(
                        account.path("automountServiceAccountToken"))
                .isEqualTo(BooleanNode.FALSE));
        assertThat(rendering.names()).noneMatch(name -> name.contains("Role"));
    }

    @Test
    void shouldUseTheNamespacesAccountWhereAskedTo() {
        // When
        Rendering rendering = Chart.render("local", "serviceAccount: {create: false}");

        // Then
        assertThat(rendering.all("ServiceAccount")).isEmpty();
        assertThat(rendering.pod("gateway").getServiceAccountName()).isEqualTo("default");
    }

    @ParameterizedTest
    @MethodSource("dev.tessera.helm.Chart#examples")
    void shouldTakeEverySecretFromAnExistingOne(String example) {
        // When
        Rendering rendering = Chart.render(example);

        // Then
        assertThat(rendering.all("Secret")).isEmpty();
        assertThat(rendering.environment("gateway").values())
                .filteredOn(variable -> variable.getName().contains("KEY"))
                .hasSize(2)
                .extracting(EnvVar::getValueFrom)
                .extracting(EnvVarSource::getSecretKeyRef)
                .doesNotContainNull();
    }

    @Test
    void shouldSpeakToTheBrokerByTlsAndSasl() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(rendering.settings("encoders"))
                .containsEntry("kafka.security.protocol", "SASL_SSL")
                .containsEntry("kafka.ssl.truststore.type", "PEM")
                .containsEntry("kafka.ssl.truststore.location", "/etc/tessera/kafka-ca/ca.crt")
                .containsEntry("kafka.sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("kafka.sasl.jaas.config", "${TESSERA_KAFKA_JAAS_CONFIG}");
        assertThat(secret(rendering, "TESSERA_KAFKA_JAAS_CONFIG")).isEqualTo("tessera/sasl.jaas.config");
        assertThat(rendering.pod("encoders").getVolumes()).anySatisfy(volume -> assertThat(volume.getSecret())
                .isNotNull()
                .satisfies(ca -> assertThat(ca.getSecretName()).isEqualTo("tessera-cluster-ca-cert")));
    }

    @Test
    void shouldSpeakToTheBrokerByMutualTls() {
        // Given
        String values = "kafka: {protocol: SSL, tls: {caSecret: cluster-ca, caKey: ca.pem, clientSecret: user}}";

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        assertThat(rendering.settings("encoders"))
                .containsEntry("kafka.ssl.keystore.type", "PEM")
                .containsEntry("kafka.ssl.keystore.key", "${TESSERA_KAFKA_PRIVATE_KEY}")
                .containsEntry("kafka.ssl.keystore.certificate.chain", "${TESSERA_KAFKA_CERTIFICATE}")
                .doesNotContainKey("kafka.sasl.mechanism");
        assertThat(secret(rendering, "TESSERA_KAFKA_PRIVATE_KEY")).isEqualTo("user/user.key");
        assertThat(secret(rendering, "TESSERA_KAFKA_CERTIFICATE")).isEqualTo("user/user.crt");
    }

    @Test
    void shouldTrustTheAuthoritiesOfTheJdkWhereNoneAreNamed() {
        // When
        Rendering rendering = Chart.render("local", "kafka: {protocol: SSL}");

        // Then
        assertThat(rendering.settings("encoders"))
                .containsEntry("kafka.security.protocol", "SSL")
                .doesNotContainKeys("kafka.ssl.truststore.type", "kafka.ssl.keystore.type");
    }

    @Test
    void shouldPullWithTheNamedSecrets() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        assertThat(pods(rendering)).allSatisfy(pod -> assertThat(pod.getImagePullSecrets())
                .singleElement()
                .satisfies(secret -> assertThat(secret.getName()).isEqualTo("registry")));
    }

    private static String secret(Rendering rendering, String variable) {
        var reference = Objects.requireNonNull(
                rendering.environment("encoders").get(variable).getValueFrom().getSecretKeyRef());
        return reference.getName() + "/" + reference.getKey();
    }

    private static Stream<PodSpec> pods(Rendering rendering) {
        return rendering
                .all("Deployment")
                .map(object -> KubernetesModel.read(object, Deployment.class))
                .map(deployment -> deployment.getSpec().getTemplate().getSpec());
    }
}
