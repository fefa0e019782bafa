package dev.tessera.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FrechetDistanceTest {
    @Test
    void shouldBeTheOneOfNormalDistributionsOfOneNumber() {
        // Given: means 1 and 7, variances 2 and 8
        Features one = features(new float[][] {{0}, {2}});
        Features other = features(new float[][] {{5}, {9}});
        // When, then: 6² + (√8 - √2)²
        assertThat(FrechetDistance.between(one, other)).isCloseTo(38, within(1e-9));
    }

    @Test
    void shouldBeTheOneOfIndependentNumbers() {
        // Given: a square's corners, and those of a rectangle of twice and thrice the sides, moved by (3, 4)
        Features one = features(new float[][] {{-1, -1}, {-1, 1}, {1, -1}, {1, 1}});
        Features other = features(new float[][] {{1, 1}, {1, 7}, {5, 1}, {5, 7}});
        // When, then: 3² + 4² + v (2 - 1)² + v (3 - 1)², where v is the variance of each of the square's numbers
        assertThat(FrechetDistance.between(one, other)).isCloseTo(25 + 4.0 / 3 * (1 + 4), within(1e-9));
    }

    @Test
    void shouldBeNothingBetweenASetAndItself() {
        Features set = random(40, 6, 1);
        assertThat(FrechetDistance.between(set, set)).isCloseTo(0, within(1e-9));
    }

    @Test
    void shouldBeTheSameByBothWaysToTheRoot() {
        // Given: fewer vectors than numbers in each, so that the covariances have no full rank
        Features one = random(12, 20, 1);
        Features other = random(9, 20, 2);
        // When, then
        assertThat(FrechetDistance.rootOfFew(one.deviations(), other.deviations()))
                .isPositive()
                .isCloseTo(FrechetDistance.rootOfMany(one, other), within(1e-6));
    }

    @Test
    void shouldRefuseSetsThatHaveNoCovariance() {
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> FrechetDistance.between(random(1, 3, 1), random(5, 3, 2)))
                .withMessageContaining("at least two vectors");
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> FrechetDistance.between(random(5, 3, 1), random(5, 4, 2)))
                .withMessageContaining("5 of 3 and 5 of 4");
    }

    @Test
    void shouldRefuseWhatIsNoNumber() {
        assertThatExceptionOfType(EvaluationException.class)
                .isThrownBy(() -> features(new float[][] {{1, 2}, {3, Float.NaN}}))
                .withMessageContaining("vector 1 has NaN");
        assertThatExceptionOfType(EvaluationException.class).isThrownBy(() -> Features.of(List.of()));
    }

    static Features features(float[][] rows) {
        return Features.of(List.of(rows));
    }

    private static Features random(int count, int width, long seed) {
        Random random = new Random(seed);
        return Features.of(
                Stream.generate(() -> vector(random, width)).limit(count).toList());
    }

    private static float[] vector(Random random, int width) {
        float[] vector = new float[width];
        for (int i = 0; i < width; i++) {
            vector[i] = (float) random.nextGaussian(i, 1 + i % 3);
        }
        return vector;
    }
}
