package dev.tessera.importer.nextscale;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhiTest {
    /** Two scales of ten lie between two ticks, where rounding decides: the reference runs in NumPy's doubles. */
    @ParameterizedTest
    @CsvSource({
        "10, 4, 0 0 1 1 1 2 2 3 3 3",
        "14, 4, 0 0 0 1 1 1 1 2 2 2 2 3 3 3",
        "4, 4, 0 1 2 3",
        "10, 1, 0 0 0 0 0 0 0 0 0 0"
    })
    void shouldGiveEachScaleTheConvolutionOfTheReference(int scales, int count, String expected) {
        // When
        int[] indices = IntStream.range(0, scales)
                .map(scale -> Phi.index(scale, scales, count))
                .toArray();

        // Then
        assertThat(indices)
                .isEqualTo(Arrays.stream(expected.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }
}
