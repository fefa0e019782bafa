package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenSamplerTest {
    /** e^0, e^(ln 2), e^(ln 3), e^(ln 4): probabilities 0.1, 0.2, 0.3, 0.4. */
    private static final float[] TENTHS = {0, (float) Math.log(2), (float) Math.log(3), (float) Math.log(4)};

    private static final SamplingParameters ALL = new SamplingParameters(1, 1, 0, 1);

    @Test
    void shouldInvertTheCumulativeDistributionInOrderOfTheIds() {
        assertThat(draw(TENTHS, ALL, 0.0999)).isEqualTo(0);
        assertThat(draw(TENTHS, ALL, 0.1001)).isEqualTo(1);
        assertThat(draw(TENTHS, ALL, 0.2999)).isEqualTo(1);
        assertThat(draw(TENTHS, ALL, 0.3001)).isEqualTo(2);
        assertThat(draw(TENTHS, ALL, 0.5999)).isEqualTo(2);
        assertThat(draw(TENTHS, ALL, 0.6001)).isEqualTo(3);
        assertThat(draw(TENTHS, ALL, 1 - 0x1p-33)).isEqualTo(3);
    }

    @Test
    void shouldGuideAwayFromTheUnconditionalLogits() {
        // Given: 1 + 3 · (2 − 1) = 4 against 3 + 3 · (2.5 − 3) = 1.5
        float[] rows = {2, 2.5f, 1, 3};
        var parameters = new SamplingParameters(3, 0, 0, 1);

        // When
        int token = new TokenSampler(2).drawGuided(direct(rows), 0, 1, parameters, 0.5);

        // Then
        assertThat(token).isEqualTo(0);
        assertThat(new TokenSampler(2).draw(direct(rows), 0, parameters, 0.5)).isEqualTo(1);
    }

    @Test
    void shouldTakeTheLowestOfTheMostLikelyTokensWhenGreedy() {
        assertThat(draw(new float[] {1, 3, 3, 2}, new SamplingParameters(1, 0, 0, 1), 0.99))
                .isEqualTo(1);
    }

    @Test
    void shouldDivideByTheTemperature() {
        // Given: at temperature 1/2 the weights are squared: 1, 4, 9, 16 of 30
        var cold = new SamplingParameters(1, 0.5f, 0, 1);

        // Then
        assertThat(draw(TENTHS, cold, 1 / 30.0 - 0.001)).isEqualTo(0);
        assertThat(draw(TENTHS, cold, 1 / 30.0 + 0.001)).isEqualTo(1);
        assertThat(draw(TENTHS, cold, 14 / 30.0 - 0.001)).isEqualTo(2);
        assertThat(draw(TENTHS, cold, 14 / 30.0 + 0.001)).isEqualTo(3);
    }

    @Test
    void shouldTreatATinyTemperatureAsTheLeastOne() {
        assertThat(draw(new float[] {1, 1.001f, 1}, new SamplingParameters(1, 1e-30f, 0, 1), 0.99))
                .isEqualTo(1);
    }

    @Test
    void shouldKeepAllThatEqualTheKthLargest() {
        // Given
        float[] logits = {5, 1, 5, 5, 7};
        var two = new SamplingParameters(1, 1000, 2, 1);

        // Then: four remain, nearly even at this temperature
        assertThat(draw(logits, two, 0.1)).isEqualTo(0);
        assertThat(draw(logits, two, 0.4)).isEqualTo(2);
        assertThat(draw(logits, two, 0.6)).isEqualTo(3);
        assertThat(draw(logits, two, 0.9)).isEqualTo(4);
    }

    @Test
    void shouldKeepTheTokenThatCrossesTopP() {
        // Given: descending 0.4, 0.3, 0.2, 0.1; before the third 0.7, before the fourth 0.9
        var half = new SamplingParameters(1, 1, 0, 0.5f);
        var most = new SamplingParameters(1, 1, 0, 0.75f);

        // Then
        assertThat(draw(TENTHS, half, 0.0001)).isEqualTo(2);
        assertThat(draw(TENTHS, half, 3 / 7.0 + 0.001)).isEqualTo(3);
        assertThat(draw(TENTHS, most, 0.0001)).isEqualTo(1);
    }

    @Test
    void shouldAlwaysKeepTheFirstUnderTopP() {
        assertThat(draw(TENTHS, new SamplingParameters(1, 1, 0, 1e-6f), 0.0001)).isEqualTo(3);
    }

    @Test
    void shouldCutEqualLogitsUnderTopPByTheirIds() {
        // Given: five even candidates; before the third 0.4, before the fourth 0.6
        var half = new SamplingParameters(1, 1, 0, 0.5f);

        // Then
        assertThat(draw(new float[5], half, 0.999)).isEqualTo(2);
        assertThat(draw(new float[5], half, 0.001)).isEqualTo(0);
    }

    @Test
    void shouldApplyTopPToWhatTopKLeft() {
        // Given: of 4/7 and 3/7 the second starts at 0.571
        assertThat(draw(TENTHS, new SamplingParameters(1, 1, 2, 0.57f), 0.001)).isEqualTo(3);
        assertThat(draw(TENTHS, new SamplingParameters(1, 1, 2, 0.58f), 0.001)).isEqualTo(2);
    }

    @Test
    void shouldNeverDrawATokenOfNoProbability() {
        // Given
        float[] logits = {Float.NEGATIVE_INFINITY, 0, Float.NEGATIVE_INFINITY, -1000, 0, Float.NEGATIVE_INFINITY};

        // Then
        assertThat(draw(logits, ALL, 1e-9)).isEqualTo(1);
        assertThat(draw(logits, ALL, 1 - 1e-9)).isEqualTo(4);
        assertThat(draw(logits, new SamplingParameters(1, 1, 1, 0.9f), 1 - 1e-9))
                .isEqualTo(4);
    }

    @Test
    void shouldKeepTheRightTokensWhenOneLogitDwarfsTheRest() {
        // Given: all but one fall into one bin of any even division
        float[] logits = new float[500];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = -1e9f - i * 640f;
        }
        logits[250] = 1;

        // Then
        assertThat(draw(logits, new SamplingParameters(1, 1e9f, 3, 1), 0.001)).isEqualTo(0);
        assertThat(draw(logits, new SamplingParameters(1, 1e9f, 3, 1), 0.5)).isEqualTo(250);
    }

    @Test
    void shouldRefuseLogitsThatAreNoNumbers() {
        assertThatIllegalArgumentException().isThrownBy(() -> draw(new float[] {0, Float.NaN}, ALL, 0.5));
        assertThatIllegalArgumentException().isThrownBy(() -> draw(new float[] {0, Float.POSITIVE_INFINITY}, ALL, 0.5));
    }

    @Test
    void shouldDrawAsOftenAsTheProbabilitiesSay() {
        // Given
        var sampler = new TokenSampler(4);
        var random = new ImageRandom(11, 0);
        FloatBuffer rows = direct(TENTHS);
        int[] counts = new int[4];

        // When
        for (int i = 0; i < 100_000; i++) {
            counts[sampler.draw(rows, 0, ALL, random.uniform(ImageRandom.Purpose.TOKEN, i, 0))]++;
        }

        // Then: within 4 standard deviations
        for (int token = 0; token < 4; token++) {
            assertThat(counts[token]).isCloseTo(10_000 * (token + 1), within(620));
        }
    }

    @Test
    void shouldNotDependOnWhatWasDrawnBefore() {
        // Given
        var used = new TokenSampler(300);
        var random = new Random(5);

        for (int i = 0; i < 50; i++) {
            float[] logits = new float[300];
            for (int t = 0; t < logits.length; t++) {
                logits[t] = (float) random.nextGaussian();
            }
            var parameters = new SamplingParameters(1, 0.5f + i % 3, i * 7, i % 2 == 0 ? 1 : 0.8f);

            // When
            int token = used.draw(direct(logits), 0, parameters, random.nextDouble(0.01, 0.99));

            // Then
            random.setSeed(i);
            double uniform = random.nextDouble(0.01, 0.99);
            assertThat(used.draw(direct(logits), 0, parameters, uniform))
                    .isEqualTo(new TokenSampler(300).draw(direct(logits), 0, parameters, uniform));
            assertThat(token).isBetween(0, 299);
        }
    }

    private static int draw(float[] logits, SamplingParameters parameters, double uniform) {
        return new TokenSampler(logits.length).draw(direct(logits), 0, parameters, uniform);
    }

    static FloatBuffer direct(float[] values) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(values.length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        return buffer.put(0, values);
    }
}
