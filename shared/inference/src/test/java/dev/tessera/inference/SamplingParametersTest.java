package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class SamplingParametersTest {
    @Test
    void shouldNameTheFieldThatIsInvalid() {
        assertRefused("guidance_scale", () -> new SamplingParameters(Float.NaN, 1, 0, 1));
        assertRefused("guidance_scale", () -> new SamplingParameters(-1, 1, 0, 1));
        assertRefused("temperature", () -> new SamplingParameters(1, Float.POSITIVE_INFINITY, 0, 1));
        assertRefused("temperature", () -> new SamplingParameters(1, -0.1f, 0, 1));
        assertRefused("top_k", () -> new SamplingParameters(1, 1, -1, 1));
        assertRefused("top_p", () -> new SamplingParameters(1, 1, 0, 0));
        assertRefused("top_p", () -> new SamplingParameters(1, 1, 0, 1.01f));
        assertRefused("top_p", () -> new SamplingParameters(1, 1, 0, Float.NaN));
    }

    @Test
    void shouldNeedTheUnconditionalRowOnlyAboveAScaleOfOne() {
        assertThat(new SamplingParameters(1, 1, 0, 1).guided()).isFalse();
        assertThat(new SamplingParameters(1.01f, 1, 0, 1).guided()).isTrue();
    }

    private static void assertRefused(String field, Runnable creation) {
        assertThatIllegalArgumentException().isThrownBy(creation::run).withMessageStartingWith(field + " must");
    }
}
