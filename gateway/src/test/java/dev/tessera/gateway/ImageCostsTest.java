package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.Stage;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.Unmasking;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bundle declares half a second for an image and an eighth for a token; an image has twelve. */
class ImageCostsTest {
    private final ImageCosts costs = new ImageCosts(TestModels.both());

    @Test
    void shouldAddUpWhatTheBundleDeclares() {
        assertThat(costs.nanos(Stage.GENERATOR, job(1))).isEqualTo(2_000_000_000L);
    }

    @Test
    void shouldCountTheTokensTwiceWhereGuidanceRunsASecondRow() {
        assertThat(costs.nanos(Stage.GENERATOR, job(3))).isEqualTo(3_500_000_000L);
    }

    @Test
    void shouldTakeAModelsOwnParametersForAnImageOfNoJob() {
        assertThat(costs.nanos(Stage.GENERATOR, TestModels.TEXT)).isEqualTo(3_500_000_000L);
    }

    @Test
    void shouldCountTheRowsAsTheFamilyMeansGuidance() {
        // Given
        var ofScales = new ImageCosts(new Models(List.of(TestModels.NEXT_SCALE), Optional.empty()));
        Job.Builder job = Job.newBuilder().setModel("tiny-scales");

        // When
        long without = ofScales.nanos(Stage.GENERATOR, job.build());
        long with = ofScales.nanos(
                Stage.GENERATOR,
                job.setSampling(Sampling.newBuilder().setGuidanceScale(0.5f)).build());

        // Then
        assertThat(with).isEqualTo(2 * without);
    }

    @Test
    void shouldCountAMaskedModelsTokensInEachStep() {
        // Given
        var ofMasked = new ImageCosts(new Models(List.of(TestModels.MASKED), Optional.empty()));
        Job.Builder job = Job.newBuilder()
                .setModel("tiny-masked")
                .setSampling(Sampling.newBuilder().setGuidanceScale(10));

        // When
        long one = ofMasked.nanos(
                Stage.GENERATOR,
                job.setUnmasking(Unmasking.newBuilder().setSteps(1)).build());
        long many = ofMasked.nanos(
                Stage.GENERATOR,
                job.setUnmasking(Unmasking.newBuilder().setSteps(12)).build());

        // Then
        assertThat(many).isEqualTo(12 * one).isEqualTo(ofMasked.nanos(Stage.GENERATOR, TestModels.MASKED));
        assertThat(ofMasked.nanos(Stage.DECODER, job.build())).isEqualTo(50_000_000L);
    }

    @Test
    void shouldCountTheTokensOfTheSizeThatIsAskedFor() {
        // Given
        var ofWindows = new ImageCosts(new Models(List.of(TestModels.WINDOWED), Optional.empty()));
        Job.Builder job = Job.newBuilder().setModel("tiny-windows");

        // When
        long own = ofWindows.nanos(Stage.GENERATOR, job.build());
        long large =
                ofWindows.nanos(Stage.GENERATOR, job.setWidth(192).setHeight(64).build());

        // Then: half a second, and an eighth for each token
        assertThat(own).isEqualTo(2_500_000_000L);
        assertThat(large).isEqualTo(6_500_000_000L);
    }

    @Test
    void shouldGuessWhereTheBundleSaysNothing() {
        assertThat(costs.nanos(Stage.DECODER, job(3))).isEqualTo(50_000_000L);
    }

    @Test
    void shouldNeverTakeWorkForNoneEvenOfAModelThatIsGone() {
        // Given
        Job job = Job.newBuilder().setModel("gone").build();

        // When
        long nanos = costs.nanos(Stage.GENERATOR, job);

        // Then
        assertThat(nanos).isPositive();
    }

    @Test
    void shouldCountEachStageOfAModelWithSuperResolutionByItsOwnGridAndSteps() {
        // Given
        var ofBoth = new ImageCosts(new Models(List.of(TestModels.UPSCALED), Optional.empty()));
        Job whole = Job.newBuilder()
                .setModel("tiny-upscaled")
                .setSampling(Sampling.newBuilder().setGuidanceScale(1))
                .setUnmasking(Unmasking.newBuilder().setSteps(12))
                .build();
        Job upscale = whole.toBuilder()
                .setUpscale(true)
                .setUnmasking(Unmasking.newBuilder().setSteps(4))
                .build();

        // Then
        assertThat(ofBoth.stages(whole)).containsExactly(Stage.GENERATOR, Stage.SUPERRES, Stage.DECODER);
        assertThat(ofBoth.nanos(Stage.GENERATOR, whole)).isEqualTo(16 * 12 * 1_000_000L);
        assertThat(ofBoth.nanos(Stage.SUPERRES, whole)).isEqualTo(64 * 2 * 8 * 1_000_000L);
        assertThat(ofBoth.nanos(Stage.DECODER, whole)).isEqualTo(64 * 1_000_000L);
        assertThat(ofBoth.stages(upscale)).containsExactly(Stage.SUPERRES, Stage.DECODER);
        assertThat(ofBoth.nanos(Stage.SUPERRES, upscale)).isEqualTo(64 * 4 * 1_000_000L);
    }

    private static Job job(float guidance) {
        return Job.newBuilder()
                .setModel("tiny-text")
                .setSampling(Sampling.newBuilder().setGuidanceScale(guidance))
                .build();
    }
}
