package dev.tessera.helm;

import static dev.tessera.helm.Pools.TWO_MODELS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.ConfigMapVolumeSource;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Pods get the bundles of their pool's models, wherever these lie. */
class PoolBundlesTest {
    private static final String DIGEST = "0123456789abcdef".repeat(4);

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

    private static Map<String, String> bucketSettings(Rendering rendering, String name) {
        Map<String, String> settings = rendering.settings(name);
        settings.keySet().removeIf(setting -> !setting.startsWith("tessera.models.bucket"));
        return settings;
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
