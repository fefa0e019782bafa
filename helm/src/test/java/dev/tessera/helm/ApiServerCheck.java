package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewSpec;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewSpecBuilder;
import io.fabric8.kubernetes.api.model.node.v1.RuntimeClassBuilder;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClassBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an API server says of the chart and of {@code k8s}. No part of the build's tests, since it needs one: {@code k8s/test}
 * starts it and runs this.
 */
class ApiServerCheck {
    private static final int PATIENCE_MILLIS = 120_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** All kinds of objects that the chart can make. */
    private static final String ALL = """
            gateway:
              operations: {enabled: true, deletionCost: true}
              ingress: {enabled: true, hosts: [images.example.com], tlsSecret: images}
              httpRoute: {enabled: true, parentRefs: [{name: public, namespace: gateways}]}
            monitoring: {monitors: true, rules: true, dashboard: true}
            """;

    private static KubernetesClient server;

    @BeforeAll
    static void open() {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(environment("TESSERA_API_SERVER"))
                .withCaCertFile(environment("TESSERA_API_CERTIFICATE"))
                .withOauthToken(environment("TESSERA_API_TOKEN"))
                .withRequestTimeout(PATIENCE_MILLIS)
                .build();
        server = new KubernetesClientBuilder().withConfig(config).build();
        CustomResources.definitions().forEach(ApiServerCheck::apply);
        server.apiextensions()
                .v1()
                .customResourceDefinitions()
                .list()
                .getItems()
                .forEach(definition -> server.resource(definition)
                        .waitUntilCondition(
                                known -> known.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True")),
                                1,
                                TimeUnit.MINUTES));
        // What the examples name and the cluster has.
        server.resource(new PriorityClassBuilder()
                        .withNewMetadata()
                        .withName("tessera-steady")
                        .endMetadata()
                        .withValue(1000)
                        .build())
                .create();
        server.resource(new RuntimeClassBuilder()
                        .withNewMetadata()
                        .withName("nvidia")
                        .endMetadata()
                        .withHandler("nvidia")
                        .build())
                .create();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    static Stream<String> examples() {
        return Chart.examples();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldTakeEveryObjectOfTheChartAndChangeNothingTheSecondTime(String example) {
        // Given
        makeNamespace("plain-" + example);
        List<JsonNode> objects = Chart.renderInto("plain-" + example, example).objects();

        // When
        List<String> first = objects.stream().map(ApiServerCheck::apply).toList();
        List<String> second = objects.stream().map(ApiServerCheck::apply).toList();

        // Then
        assertThat(first).hasSizeGreaterThan(10).doesNotHaveDuplicates();
        assertThat(second).isEqualTo(first);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void shouldTakeEverythingThatCanBeSwitchedOnAndThePodsOfAllPools(String example) {
        // Given
        makeNamespace(example);
        Rendering rendering = Chart.renderInto(example, example, ALL);

        // When
        List<String> first =
                rendering.objects().stream().map(ApiServerCheck::apply).toList();
        List<String> second =
                rendering.objects().stream().map(ApiServerCheck::apply).toList();
        List<Pod> pods = server.apps().deployments().inNamespace(example).list().getItems().stream()
                .map(ApiServerCheck::admitted)
                .toList();

        // Then
        assertThat(second).isEqualTo(first);
        assertThat(rendering.names())
                .contains("Ingress/tessera-gateway", "HTTPRoute/tessera-gateway", "PrometheusRule/tessera");
        assertThat(pods).hasSize((int) rendering.all("Deployment").count());
    }

    @Test
    void shouldTakeWhatAClusterNeedsBefore() {
        // Given
        makeNamespace("kafka");
        makeNamespace("images");
        List<JsonNode> objects = PrerequisitesTest.files()
                .flatMap(file -> PrerequisitesTest.objects(file).stream())
                .toList();

        // When
        List<String> first = objects.stream().map(ApiServerCheck::apply).toList();
        List<String> second = objects.stream().map(ApiServerCheck::apply).toList();

        // Then
        assertThat(first).hasSizeGreaterThan(8);
        assertThat(second).isEqualTo(first);
    }

    @Test
    void shouldRefuseAFieldThatItDoesNotKnow() {
        // Given
        makeNamespace("strict");
        JsonNode service = Chart.renderInto("strict", "local")
                .find("Service", "tessera-gateway")
                .orElseThrow();
        var misspelt = service.deepCopy();
        misspelt.withObject("/spec").put("sesionAffinity", "None");

        // When, then
        assertThatThrownBy(() -> apply(misspelt)).hasMessageContaining("sesionAffinity");
    }

    @Test
    void shouldGiveNobodyButTheGatewayAnyRightsAndItNoMoreThanItWasSwitchedOnFor() {
        // Given
        makeNamespace("rights");
        Rendering rendering = Chart.renderInto("rights", "production", "gateway: {operations: {enabled: true}}");

        // When
        rendering.objects().forEach(ApiServerCheck::apply);

        // Then
        assertThat(may("gateway", "list", "", "pods", "")).isTrue();
        assertThat(may("gateway", "patch", "", "pods", "")).isFalse();
        assertThat(may("gateway", "get", "", "secrets", "tessera-object-store")).isFalse();
        assertThat(may("gateway", "patch", "apps", "deployments", "tessera-xl-steady"))
                .isFalse();
        assertThat(may("gateway", "get", "apps", "deployments", "tessera-gateway"))
                .isFalse();
        assertThat(List.of("tokenizer", "generator", "superres", "decoder"))
                .noneMatch(stage -> may(stage, "list", "", "pods", "")
                        || may(stage, "get", "apps", "deployments", "tessera-xl-steady")
                        || may(stage, "get", "", "secrets", "tessera-object-store"));
    }

    /** As a cluster that holds its pods to the restricted standard; its controllers would make the account. */
    private static void makeNamespace(String name) {
        server.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                        .endMetadata()
                        .build())
                .create();
        server.resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(name)
                        .withName("default")
                        .endMetadata()
                        .build())
                .create();
    }

    /**
     * As {@code kubectl apply --server-side --validate=strict} does.
     *
     * @return the object as the server has it then, less who wrote which of its fields and how often
     */
    private static String apply(JsonNode object) {
        var applied = server.resource(JSON.convertValue(object, GenericKubernetesResource.class))
                .fieldValidation(Validation.STRICT)
                .serverSideApply();
        applied.getMetadata().setManagedFields(List.of());
        // A claim gets a new version when it is applied again, though nothing in it is another.
        applied.getMetadata().setResourceVersion(null);
        return Serialization.asJson(applied);
    }

    /** The pod that the Deployment asks for, as the server would let it in; it is not kept. */
    private static Pod admitted(Deployment deployment) {
        var template = deployment.getSpec().getTemplate();
        return server.resource(new PodBuilder()
                        .withNewMetadataLike(template.getMetadata())
                        .withNamespace(deployment.getMetadata().getNamespace())
                        .withName(deployment.getMetadata().getName() + "-1")
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build())
                .dryRun()
                .create();
    }

    private static boolean may(String component, String verb, String group, String resource, String name) {
        SubjectAccessReviewSpec question = new SubjectAccessReviewSpecBuilder()
                .withUser("system:serviceaccount:rights:tessera-" + component)
                .withGroups("system:serviceaccounts", "system:serviceaccounts:rights", "system:authenticated")
                .withNewResourceAttributes()
                .withNamespace("rights")
                .withVerb(verb)
                .withGroup(group)
                .withResource(resource)
                .withName(name)
                .endResourceAttributes()
                .build();
        return server.authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder().withSpec(question).build())
                .getStatus()
                .getAllowed();
    }

    private static String environment(String name) {
        return Objects.requireNonNull(System.getenv(name), name + " is not set: k8s/test runs this");
    }
}
