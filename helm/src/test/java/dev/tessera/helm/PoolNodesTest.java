package dev.tessera.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import org.junit.jupiter.api.Test;

/** Pools on nodes with devices, and on nodes that may be taken away. */
class PoolNodesTest {
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
}
