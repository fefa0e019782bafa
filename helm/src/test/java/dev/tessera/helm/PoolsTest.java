package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pool is one Deployment of a stage for some models on one kind of node. */
class PoolsTest {
    private static final String TWO_MODELS = """
            models:
              - name: emoji-llamagen
                stages: [tokenizer, generator, decoder]
                bundle: {claim: {name: tessera-models, path: emoji-llamagen}}
              - name: vase
                stages: [tokenizer, generator, decoder]
                bundle: {image: {reference: "registry.example.com/vase:1", path: bundle}}
                manifest: {configMap: vase-manifest}
            pools:
              - {name: encoders, stage: tokenizer, models: [vase, emoji-llamagen], replicas: 1}
              - {name: fast, stage: generator, models: [emoji-llamagen], replicas: 2, slots: 8}
              - {name: slow, stage: generator, models: [vase], replicas: 1, threads: 3}
              - {name: decoders, stage: decoder, models: [vase, emoji-llamagen], replicas: 1}
            """;

    private static final String DIGEST = "0123456789abcdef".repeat(4);

    private static final String SLICES = """
            pools:
              - {name: encoders, stage: tokenizer, models: [emoji-llamagen], replicas: 1}
              - name: slices
                stage: generator
                models: [emoji-llamagen]
                replicas: 2
                gpu: {resource: nvidia.com/mig-1g.10gb}
                runtimeClassName: nvidia
              - {name: decoders, stage: decoder, models: [emoji-llamagen], replicas: 1}
            """;

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
    void shouldMountTheBundlesOfThePoolsModelsAndNoOthers() {
        // When
        Rendering rendering = Chart.render("local", TWO_MODELS);

        // Then
        assertThat(rendering.settings("fast")).contains(entry("tessera.models.directories", "/models/emoji-llamagen"));
        assertThat(rendering.settings("decoders"))
                .contains(entry("tessera.models.directories", "/models/vase,/models/emoji-llamagen"));
        assertThat(rendering.container("fast").getVolumeMounts())
                .extracting(VolumeMount::getMountPath)
                .contains("/models/emoji-llamagen")
                .doesNotContain("/models/vase");
    }

    @Test
    void shouldMountABundleFromAClaim() {
        // When
        Rendering rendering = Chart.render("local", TWO_MODELS);

        // Then
        Volume volume = volume(rendering.pod("fast"), "model-emoji-llamagen");
        assertThat(volume.getPersistentVolumeClaim().getClaimName()).isEqualTo("tessera-models");
        assertThat(volume.getPersistentVolumeClaim().getReadOnly()).isTrue();
        VolumeMount mount = mount(rendering, "fast", "model-emoji-llamagen");
        assertThat(mount.getSubPath()).isEqualTo("emoji-llamagen");
        assertThat(mount.getReadOnly()).isTrue();
    }

    @Test
    void shouldMountABundleFromAnImage() {
        // When
        Rendering rendering = Chart.render("local", TWO_MODELS);

        // Then
        Volume volume = volume(rendering.pod("slow"), "model-vase");
        assertThat(volume.getImage().getReference()).isEqualTo("registry.example.com/vase:1");
        assertThat(volume.getImage().getPullPolicy()).isEqualTo("IfNotPresent");
        assertThat(mount(rendering, "slow", "model-vase").getSubPath()).isEqualTo("bundle");
    }

    @Test
    void shouldGiveTheGatewayTheManifestAlone() {
        // When
        Rendering rendering = Chart.render("local", TWO_MODELS);

        // Then
        ConfigMapVolumeSource manifest =
                volume(rendering.pod("gateway"), "model-vase").getConfigMap();
        assertThat(manifest.getName()).isEqualTo("vase-manifest");
        assertThat(manifest.getItems().getFirst().getPath()).isEqualTo("bundle.yaml");
        assertThat(mount(rendering, "gateway", "model-vase").getSubPath()).isNull();
        assertThat(rendering.settings("gateway"))
                .contains(entry("tessera.models.directories", "/models/emoji-llamagen,/models/vase"));
    }

    @Test
    void shouldServeAnEarlierBundleToJobsThatWereAcceptedForIt() {
        // Given
        String values = TWO_MODELS.replace(
                "manifest: {configMap: vase-manifest}",
                "manifest: {configMap: vase-manifest}\n    previous: {claim: {name: weights-of-may, path: vase}}");

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        assertThat(rendering.settings("slow"))
                .contains(
                        entry("tessera.models.directories", "/models/vase"),
                        entry("tessera.models.previous", "/previous/vase"));
        assertThat(ServiceSettings.of("generator")).contains("tessera.models.previous");
        assertThat(volume(rendering.pod("slow"), "earlier-vase")
                        .getPersistentVolumeClaim()
                        .getClaimName())
                .isEqualTo("weights-of-may");
        assertThat(mount(rendering, "slow", "earlier-vase").getMountPath()).isEqualTo("/previous/vase");
        assertThat(mount(rendering, "slow", "earlier-vase").getSubPath()).isEqualTo("vase");
        assertThat(rendering.settings("fast")).doesNotContainKey("tessera.models.previous");
        assertThat(rendering.settings("gateway")).doesNotContainKey("tessera.models.previous");
        assertThat(rendering.pod("gateway").getVolumes())
                .noneMatch(volume -> volume.getName().startsWith("earlier-"));
    }

    @Test
    void shouldFetchABundleFromTheBucketIntoAFolderOfThePodsOwn() {
        // Given
        String values = TWO_MODELS.replace(
                "{claim: {name: tessera-models, path: emoji-llamagen}}",
                "{bucket: {prefix: bundles/emoji/2, digest: %s, sizeLimit: 2Gi}}".formatted(DIGEST));

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        assertThat(volume(rendering.pod("fast"), "model-emoji-llamagen")
                        .getEmptyDir()
                        .getSizeLimit())
                .isEqualTo(new Quantity("2Gi"));
        VolumeMount mount = mount(rendering, "fast", "model-emoji-llamagen");
        assertThat(mount.getMountPath()).isEqualTo("/models/emoji-llamagen");
        assertThat(mount.getReadOnly()).isFalse();
        assertThat(mount.getSubPath()).isNull();
        assertThat(bucketSettings(rendering, "fast"))
                .containsOnly(
                        entry("tessera.models.bucket.emoji-llamagen.directory", "/models/emoji-llamagen"),
                        entry("tessera.models.bucket.emoji-llamagen.prefix", "bundles/emoji/2"),
                        entry("tessera.models.bucket.emoji-llamagen.digest", DIGEST),
                        entry("tessera.models.bucket-patience", "585s"));
        assertThat(bucketSettings(rendering, "slow")).isEmpty();
        assertThat(bucketSettings(rendering, "gateway"))
                .containsEntry("tessera.models.bucket.emoji-llamagen.prefix", "bundles/emoji/2")
                .containsEntry("tessera.models.bucket-patience", "165s");
        assertThat(mount(rendering, "gateway", "model-emoji-llamagen").getReadOnly())
                .isFalse();
    }

    @Test
    void shouldFetchAnEarlierBundleFromTheBucketButNotForTheGateway() {
        // Given
        String values = TWO_MODELS.replace(
                "{image: {reference: \"registry.example.com/vase:1\", path: bundle}}",
                "{bucket: {prefix: bundles/vase/2}}\n    previous: {bucket: {prefix: bundles/vase/1}}");

        // When
        Rendering rendering = Chart.render("local", values);

        // Then
        assertThat(bucketSettings(rendering, "slow"))
                .containsEntry("tessera.models.bucket.vase.directory", "/models/vase")
                .containsEntry("tessera.models.bucket.vase.prefix", "bundles/vase/2")
                .containsEntry("tessera.models.bucket.previous_vase.directory", "/previous/vase")
                .containsEntry("tessera.models.bucket.previous_vase.prefix", "bundles/vase/1")
                .doesNotContainKey("tessera.models.bucket.vase.digest");
        assertThat(rendering.settings("slow")).containsEntry("tessera.models.previous", "/previous/vase");
        assertThat(mount(rendering, "slow", "earlier-vase").getReadOnly()).isFalse();
        assertThat(volume(rendering.pod("slow"), "earlier-vase").getEmptyDir().getSizeLimit())
                .isNull();
        assertThat(bucketSettings(rendering, "gateway")).isEmpty();
        assertThat(mount(rendering, "gateway", "model-vase").getReadOnly()).isTrue();
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
    void shouldAskForSlicesOfAGpu() {
        // When
        Rendering rendering = Chart.render("local", SLICES);

        // Then
        assertThat(rendering.container("slices").getResources().getLimits())
                .contains(entry("nvidia.com/mig-1g.10gb", new Quantity("1")), entry("memory", new Quantity("2Gi")));
        assertThat(rendering.pod("slices").getRuntimeClassName()).isEqualTo("nvidia");
    }

    @Test
    void shouldComputeOnTheDeviceOnlyWhereThePoolSaysSo() {
        // Given
        String cuda = SLICES.replace("runtimeClassName: nvidia", "device: cuda");

        // When
        Rendering idle = Chart.render("local", SLICES);
        Rendering used = Chart.render("local", cuda);

        // Then
        assertThat(idle.settings("slices")).doesNotContainKey("tessera.generator.device");
        assertThat(idle.container("slices").getImage()).doesNotEndWith("-cuda");
        assertThat(used.settings("slices")).containsEntry("tessera.generator.device", "cuda");
        assertThat(used.container("slices").getImage())
                .isEqualTo(idle.container("slices").getImage() + "-cuda");
        assertThat(used.container("decoders").getImage())
                .isEqualTo(idle.container("decoders").getImage());
        assertThat(ServiceSettings.of("generator")).contains("tessera.generator.device");
    }

    @Test
    void shouldNotWaitForASecondGpuWhenAPoolIsUpdated() {
        // When
        Rendering rendering = Chart.render("local", SLICES);

        // Then
        RollingUpdateDeployment gpus =
                rendering.deployment("slices").getSpec().getStrategy().getRollingUpdate();
        assertThat(gpus.getMaxSurge().getIntVal()).isZero();
        assertThat(gpus.getMaxUnavailable().getIntVal()).isOne();
        RollingUpdateDeployment processors =
                rendering.deployment("decoders").getSpec().getStrategy().getRollingUpdate();
        assertThat(processors.getMaxSurge().getIntVal()).isOne();
    }

    @Test
    void shouldPutSpotPoolsOnSpotNodesAndLeaveWithinTheNotice() {
        // When
        Rendering rendering = Chart.render("production");

        // Then
        PodSpec spot = rendering.pod("xl-spot");
        assertThat(spot.getNodeSelector()).containsExactly(entry("cloud.google.com/gke-spot", "true"));
        assertThat(spot.getTolerations())
                .extracting(Toleration::getKey)
                .containsExactly("compute", "cloud.google.com/gke-spot");
        assertThat(spot.getTerminationGracePeriodSeconds()).isEqualTo(25);
        assertThat(rendering.settings("xl-spot")).contains(entry("tessera.generator.drain-timeout", "3s"));
        assertThat(rendering.pod("xl-steady").getNodeSelector()).doesNotContainKey("cloud.google.com/gke-spot");
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

    private static Map<String, String> bucketSettings(Rendering rendering, String name) {
        Map<String, String> settings = rendering.settings(name);
        settings.keySet().removeIf(setting -> !setting.startsWith("tessera.models.bucket"));
        return settings;
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

    private static Volume volume(PodSpec pod, String name) {
        return pod.getVolumes().stream()
                .filter(volume -> volume.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static VolumeMount mount(Rendering rendering, String pod, String name) {
        return rendering.container(pod).getVolumeMounts().stream()
                .filter(mount -> mount.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
