package dev.tessera.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LatentPictureTest {
    @Test
    void shouldBeOneWithAnotherOfTheSameValues() {
        // Given
        float[] values = {1, 2, 3, 4, 5, 6, 7, 8};
        var picture = new LatentPicture(2, 2, values);

        // When
        values[0] = 9;

        // Then
        assertThat(picture).isEqualTo(new LatentPicture(2, 2, new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
        assertThat(picture).isNotEqualTo(new LatentPicture(2, 2, values));
        assertThat(picture).isNotEqualTo(new LatentPicture(8, 1, new float[] {1, 2, 3, 4, 5, 6, 7, 8}));
    }

    @Test
    void shouldRefuseValuesThatDoNotFillIt() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LatentPicture(2, 2, new float[7]));
        assertThatIllegalArgumentException().isThrownBy(() -> new LatentPicture(0, 2, new float[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> new LatentPicture(2, 1 << 20, new float[0]));
    }
}
