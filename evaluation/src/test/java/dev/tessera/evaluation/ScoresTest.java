package dev.tessera.evaluation;

import static dev.tessera.evaluation.FrechetDistanceTest.features;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Inception score, precision and recall, and CLIP score of sets whose values can be worked out by hand. */
class ScoresTest {
    @Test
    void shouldScoreAsManyAsThereAreClassesWhenEachPictureIsSurelyOneOfThem() {
        Features sure = features(new float[][] {{500, 0, 0}, {0, 500, 0}, {0, 0, 500}});
        assertThat(InceptionScore.of(sure)).isCloseTo(3, within(1e-9));
    }

    @Test
    void shouldScoreOneWhenAllPicturesLookAlike() {
        Features alike = features(new float[][] {{7, 3, 1}, {7, 3, 1}});
        assertThat(InceptionScore.of(alike)).isCloseTo(1, within(1e-9));
    }

    @Test
    void shouldScoreTheMeanOfItsSplits() {
        // Given: two classes in the first two pictures, one in the others
        Features logits = features(new float[][] {{500, 0}, {0, 500}, {500, 0}, {500, 0}});
        // When, then
        assertThat(InceptionScore.of(logits, 2)).isCloseTo((2 + 1) / 2.0, within(1e-9));
    }

    @Test
    void shouldCountWhatTheBallsOfTheOtherSetCover() {
        // Given: balls of 1, 1 and 9 around the reference's numbers, of 17.5, 12 and 12 around the generated ones
        Features reference = features(new float[][] {{0}, {1}, {10}});
        Features generated = features(new float[][] {{0.5f}, {30}, {18}});
        // When
        ManifoldOverlap overlap = ManifoldOverlap.of(generated, reference, 1);
        // Then: 30 is farther than 9 from 10
        assertThat(overlap.precision()).isCloseTo(2.0 / 3, within(1e-9));
        assertThat(overlap.recall()).isCloseTo(1, within(1e-9));
    }

    @Test
    void shouldRefuseFewerVectorsThanNeighbours() {
        Features three = features(new float[][] {{0}, {1}, {10}});
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> ManifoldOverlap.of(three, three, 3))
                .withMessageContaining("3 neighbours");
    }

    @Test
    void shouldScoreTheCosineToTheOwnPromptAlone() {
        // Given: one alike, one at a right angle, one opposite, one at 60 degrees
        Features pictures = features(new float[][] {{2, 0}, {1, 0}, {1, 1}, {1, 0}});
        Features texts = features(new float[][] {{5, 0}, {0, 1}, {-1, -1}, {0.5f, (float) Math.sqrt(0.75)}});
        // When, then
        assertThat(ClipScore.of(pictures, texts)).isCloseTo(100 * (1 + 0 + 0 + 0.5) / 4, within(1e-5));
    }

    @Test
    void shouldRefusePicturesWithoutPrompts() {
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> ClipScore.of(features(new float[][] {{1}, {2}}), features(new float[][] {{1}})))
                .withMessageContaining("2 vectors of 1 for pictures and 1 of 1");
    }
}
