package dev.tessera.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.LatentPicture;
import dev.tessera.inference.TokenGrid;
import dev.tessera.v1.Job;
import dev.tessera.v1.TokensGenerated;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenMessagesTest {
    private static final TokenGrid TOKENS = TokenGrid.ofScales(List.of(1, 2), 16, new int[] {9, 1, 2, 3, 4});
    private static final Drawing BLENDED =
            new Drawing.Blended(TOKENS, new LatentPicture(1, 2, new float[] {-0.1f, 1e-30f, 3e20f, -0f}));

    @Test
    void shouldReadWhatItHasWritten() {
        for (Drawing drawing : List.of(new Drawing.OfTokens(TOKENS), BLENDED)) {
            // When
            TokensGenerated message =
                    TokenMessages.generated(Job.newBuilder().setId("j").build(), 3, drawing);

            // Then
            assertThat(TokenMessages.read(message)).isEqualTo(drawing);
            assertThat(message.getJob().getId()).isEqualTo("j");
            assertThat(message.getImageIndex()).isEqualTo(3);
        }
    }

    @Test
    void shouldRefuseALatentPictureThatIsNoneOrIsMissing() {
        // Given
        TokensGenerated message = TokenMessages.generated(Job.getDefaultInstance(), 0, BLENDED);
        TokensGenerated.Builder odd = message.toBuilder();
        odd.getLatentBuilder().setFloats(ByteString.copyFrom(new byte[15]));
        TokensGenerated.Builder missing = message.toBuilder().clearLatent();
        missing.getJobBuilder().getSamplingBuilder().setMoreSmooth(true);

        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> TokenMessages.read(odd.build()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenMessages.read(missing.build()))
                .withMessageContaining("latent picture is missing");
    }
}
