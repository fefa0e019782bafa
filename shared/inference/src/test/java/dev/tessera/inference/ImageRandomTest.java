package dev.tessera.inference;

import static dev.tessera.inference.ImageRandom.Purpose.BLENDING;
import static dev.tessera.inference.ImageRandom.Purpose.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ImageRandomTest {
    @Test
    void shouldMapThePublishedWordsOfPhiloxToTheUnitInterval() {
        // Given
        var random = new ImageRandom(0, 0);

        // Then
        assertThat(random.uniform(TOKEN, 0, 0)).isEqualTo((0x6627e8d5L + 0.5) / 4294967296.0);
        assertThat(random.uniform(TOKEN, 0, 1)).isEqualTo((0xe169c58dL + 0.5) / 4294967296.0);
        assertThat(random.uniform(TOKEN, 0, 3)).isEqualTo((0x9b00dbd8L + 0.5) / 4294967296.0);
    }

    @Test
    void shouldGiveDifferentNumbersForDifferentSeedsImagesPositionsAndDraws() {
        // Given
        Set<Double> numbers = new HashSet<>();

        // When
        for (long seed : new long[] {0, 1, 1L << 32, -1}) {
            for (int image = 0; image < 4; image++) {
                for (int position = 0; position < 64; position++) {
                    for (int draw = 0; draw < 8; draw++) {
                        numbers.add(new ImageRandom(seed, image).uniform(TOKEN, position, draw));
                    }
                }
            }
        }

        // Then: 8192 of 2^32 values; with this generator none happens to come twice
        assertThat(numbers).hasSize(4 * 4 * 64 * 8);
    }

    @Test
    void shouldGiveTheSuperResolutionNumbersOfItsOwn() {
        // Given
        Set<Double> numbers = new HashSet<>();

        // When
        for (long seed : new long[] {0, 1, 1L << 32, -1}) {
            for (int image = 0; image < 4; image++) {
                var base = new ImageRandom(seed, image);
                assertThat(base.ofSuperResolution()).isEqualTo(new ImageRandom(seed, image).ofSuperResolution());
                for (int position = 0; position < 256; position++) {
                    numbers.add(base.uniform(TOKEN, position, 0));
                    numbers.add(base.ofSuperResolution().uniform(TOKEN, position, 0));
                }
            }
        }

        // Then
        assertThat(numbers).hasSize(4 * 4 * 256 * 2);
    }

    @Test
    void shouldShareNoNumberBetweenDrawsAndBlends() {
        // Given
        var random = new ImageRandom(3, 1);
        Set<Double> numbers = new HashSet<>();

        // When
        for (int position = 0; position < 100; position++) {
            numbers.add(random.uniform(TOKEN, position, 0));
            for (int code = 0; code < 64; code++) {
                numbers.add(random.uniform(BLENDING, position, code));
            }
        }

        // Then
        assertThat(numbers).hasSize(100 * 65);
    }

    @Test
    void shouldTakeGumbelNumbersFromTheUniformOnes() {
        // Given
        var random = new ImageRandom(3, 1);

        // When
        double mean = IntStream.range(0, 10_000)
                .mapToDouble(code -> random.gumbel(BLENDING, 7, code))
                .average()
                .orElseThrow();

        // Then: Euler's constant, within 4 standard deviations
        assertThat(mean).isCloseTo(0.5772, within(4 * 1.2826 / 100));
        assertThat(random.gumbel(BLENDING, 7, 5))
                .isCloseTo(-Math.log(-Math.log(random.uniform(BLENDING, 7, 5))), within(1e-12));
    }

    @Test
    void shouldFillTheOpenUnitIntervalEvenly() {
        // Given
        var random = new ImageRandom(42, 7);
        int[] tenths = new int[10];

        // When
        for (int position = 0; position < 100_000; position++) {
            double number = random.uniform(TOKEN, position, 0);
            assertThat(number).isGreaterThan(0).isLessThan(1);
            tenths[(int) (number * 10)]++;
        }

        // Then: within 4 standard deviations of 10,000
        for (int count : tenths) {
            assertThat(count).isCloseTo(10_000, within(380));
        }
    }

    @Test
    void shouldRefuseANegativeIndex() {
        assertThatThrownBy(() -> new ImageRandom(1, -1)).hasMessageContaining("imageIndex");
    }
}
