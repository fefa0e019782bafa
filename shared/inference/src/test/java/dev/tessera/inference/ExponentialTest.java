package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Test;

class ExponentialTest {
    @Test
    void shouldAgreeWithTheLibraryToSingleAccuracy() {
        for (float x = -87; x <= 0; x += 0.00037f) {
            assertThat((double) Exponential.of(x)).isCloseTo(StrictMath.exp(x), withinPercentage(100 * 0x1p-22));
        }
    }

    @Test
    void shouldBeExactAtZeroAndVanishFarBelow() {
        assertThat(Exponential.of(0)).isEqualTo(1);
        assertThat(Exponential.of(-88)).isZero();
        assertThat(Exponential.of(-1e30f)).isZero();
        assertThat(Exponential.of(Float.NEGATIVE_INFINITY)).isZero();
    }
}
