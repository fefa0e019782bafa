package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SmoothingTest {
    @Test
    void shouldSharpenAndCoolFromTheFirstScaleToTheLast() {
        assertThat(Smoothing.at(0, 10)).isEqualTo(new Smoothing(1, 0.27));
        assertThat(Smoothing.at(9, 10).gain()).isEqualTo(2);
        assertThat(Smoothing.at(9, 10).temperature()).isCloseTo(0.0135, within(1e-12));
        assertThat(Smoothing.at(1, 3).gain()).isEqualTo(1.5);
        assertThat(Smoothing.at(1, 3).temperature()).isCloseTo(0.14175, within(1e-12));
    }

    @Test
    void shouldTakeTheOnlyScaleForTheFirst() {
        assertThat(Smoothing.at(0, 1)).isEqualTo(Smoothing.at(0, 2));
    }

    @Test
    void shouldRefuseATemperatureThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Smoothing(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Smoothing(1, Double.NaN));
    }
}
