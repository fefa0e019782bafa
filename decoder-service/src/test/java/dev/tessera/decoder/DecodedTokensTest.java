package dev.tessera.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.Stage;
import dev.tessera.v1.LatentPicture;
import dev.tessera.v1.TokenGrid;
import dev.tessera.v1.TokensGenerated;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens that are kept beside their picture, and tokens that no picture can be made of. */
class DecodedTokensTest extends DecoderWorkerFixture {
    @Test
    void shouldKeepTheTokensOfAllScales() {
        // When
        worker.decode(scales(List.of(1, 2)), new Delivery(Stage.DECODER, "squares", 1));

        // Then
        assertThat(new String(stored(TOKENS), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines("{\"grid\":[2,2],\"scales\":[1,2],\"codebook\":256,\"tokens\":[9,1,2,3,4]}");
    }

    @Test
    void shouldRefuseTokensThatDoNotFillTheirScales() {
        refused(scales(List.of(1, 3)), "malformed_tokens");
    }

    @Test
    void shouldRefuseTheTokensOfASmoothImageWithoutItsLatentPicture() {
        // Given
        TokensGenerated.Builder tokens = scales(List.of(1, 2)).toBuilder();
        tokens.getJobBuilder().getSamplingBuilder().setMoreSmooth(true);

        // When, Then
        refused(tokens.build(), "malformed_tokens");
    }

    @Test
    void shouldRefuseALatentPictureThatIsNone() {
        refused(latent(2, 2, 9), "malformed_tokens");
        refused(latent(2, 2, 7), "malformed_tokens");
        refused(latent(-1, 2, 4), "malformed_tokens");
    }

    @Test
    void shouldRefuseTokensThatDoNotFillTheirGrid() {
        // Given
        TokensGenerated broken = TokensGenerated.newBuilder()
                .setJob(Jobs.job())
                .setTokens(TokenGrid.newBuilder()
                        .setRows(2)
                        .setColumns(3)
                        .setCodebookSize(256)
                        .addIds(1))
                .build();

        // When, Then
        refused(broken, "malformed_tokens");
    }

    @Test
    void shouldRefuseTokensThatAreNoneOfTheirCodebook() {
        // Given
        TokensGenerated broken = TokensGenerated.newBuilder()
                .setJob(Jobs.job())
                .setTokens(TokenGrid.newBuilder()
                        .setRows(1)
                        .setColumns(1)
                        .setCodebookSize(256)
                        .addIds(-1))
                .build();

        // When, Then
        refused(broken, "malformed_tokens");
    }

    @Test
    void shouldRefuseAJobThatWasAcceptedForOtherWeights() {
        refused(tokens(Jobs.job().setModelDigest("e".repeat(64)).build()), "model_unavailable");
    }

    private static TokensGenerated latent(int dimensions, int side, int floats) {
        return scales(List.of(1, 2)).toBuilder()
                .setLatent(LatentPicture.newBuilder()
                        .setDimensions(dimensions)
                        .setSide(side)
                        .setFloats(ByteString.copyFrom(new byte[Float.BYTES * floats])))
                .build();
    }

    private static TokensGenerated scales(List<Integer> sides) {
        return TokensGenerated.newBuilder()
                .setJob(Jobs.job())
                .setImageIndex(2)
                .setTokens(TokenGrid.newBuilder()
                        .setRows(2)
                        .setColumns(2)
                        .setCodebookSize(256)
                        .addAllScales(sides)
                        .addAllIds(List.of(9, 1, 2, 3, 4)))
                .build();
    }

    private void refused(TokensGenerated work, String reason) {
        assertThatExceptionOfType(DecoderException.class)
                .isThrownBy(() -> worker.decode(work, new Delivery(Stage.DECODER, "squares", 1)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(store.names()).isEmpty();
    }
}
