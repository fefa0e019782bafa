package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class TokenSamplerBlendTest {
    private static final float[] LOGITS = {0.5f, 2, 1.5f, -1, 1.9f};
    private static final CodeVectors CODES = new CodeVectors(2, new float[] {1, 0, 0, 1, -1, 0, 0, -1, 3, 4});
    private static final SamplingParameters ALL = new SamplingParameters(1, 1, 0, 1);
    private static final Smoothing WARM = new Smoothing(1.5, 0.2);
    private static final IntToDoubleFunction NOISE = code -> 0.1 * code;

    private final float[] blend = new float[2];

    private int blend(TokenSampler sampler, SamplingParameters parameters, IntToDoubleFunction noise) {
        sampler.draw(TokenSamplerTest.direct(LOGITS), 0, parameters, 0.5);
        return sampler.blend(WARM, noise, CODES, FloatBuffer.wrap(blend));
    }

    @Test
    void shouldBlendAllVectorsByTheirWeights() {
        // Given
        double[] expected = new double[2];
        double total = 0;
        for (int code = 0; code < 5; code++) {
            float[] vector = new float[2];
            CODES.copy(code, vector, 0);
            double weight = Math.exp((LOGITS[code] * 1.5 + 0.1 * code) / 0.2);
            expected[0] += weight * vector[0];
            expected[1] += weight * vector[1];
            total += weight;
        }

        // When
        int heaviest = blend(new TokenSampler(5), ALL, NOISE);

        // Then: 1.9 · 1.5 + 0.4 is more than 2 · 1.5 + 0.1
        assertThat(heaviest).isEqualTo(4);
        assertThat(blend[0]).isCloseTo((float) (expected[0] / total), within(1e-6f));
        assertThat(blend[1]).isCloseTo((float) (expected[1] / total), within(1e-6f));
    }

    @Test
    void shouldBlendNothingThatCouldNotHaveBeenDrawn() {
        // Given: noise that would make anything of the others, and none between the two that are left
        var twoLikeliest = new SamplingParameters(1, 1, 2, 1);
        IntToDoubleFunction noise = code -> code == 1 || code == 4 ? -1.5 * LOGITS[code] : 100;

        // When
        int heaviest = blend(new TokenSampler(5), twoLikeliest, noise);

        // Then: half of either
        assertThat(heaviest).isEqualTo(1);
        assertThat(blend).containsExactly(1.5f, 2.5f);
    }

    @Test
    void shouldGiveTheVectorItselfWhereOnlyOneCouldHaveBeenDrawn() {
        // Given
        var likeliest = new SamplingParameters(1, 1, 1, 1);
        var greedy = new SamplingParameters(1, 0, 0, 1);

        for (SamplingParameters parameters : new SamplingParameters[] {likeliest, greedy}) {
            // When
            int heaviest = blend(new TokenSampler(5), parameters, code -> -7.3 * code);

            // Then
            assertThat(heaviest).isEqualTo(1);
            assertThat(blend).containsExactly(0, 1);
        }
    }

    @Test
    void shouldNotDependOnWhatWasBlendedBefore() {
        // Given
        var used = new TokenSampler(5);
        var random = new Random(3);
        for (int i = 0; i < 20; i++) {
            used.draw(TokenSamplerTest.direct(new float[] {i, 2, 3, 4, 5}), 0, ALL, 0.3);
            used.blend(
                    new Smoothing(1, 0.01 + random.nextDouble()),
                    code -> random.nextDouble(),
                    CODES,
                    FloatBuffer.wrap(blend));
        }
        blend(new TokenSampler(5), ALL, NOISE);
        float[] expected = blend.clone();

        // When
        blend(used, ALL, NOISE);

        // Then
        assertThat(blend).isEqualTo(expected);
    }
}
