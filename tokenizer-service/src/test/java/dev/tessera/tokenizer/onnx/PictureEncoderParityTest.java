package dev.tessera.tokenizer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures of bytes against an independent PyTorch implementation of VAR's image tokenizer. */
class PictureEncoderParityTest {
    static Stream<TinyVar> models() {
        return Stream.of(TinyVar.plain(), TinyVar.shared(), TinyVar.unscaled());
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldEncodeAPictureToTheTokensOfTheReference(TinyVar tiny, @TempDir Path folder) {
        // Given
        try (var encoder =
                OnnxPictureEncoder.open(tiny.importTo(folder.resolve("tiny"), "tiny"), GraphOptions.defaults())) {
            // When
            TokenGrid tokens = encoder.encode(tiny.picture());

            // Then
            assertThat(tokens).isEqualTo(tiny.pictureTokens());
        }
    }
}
