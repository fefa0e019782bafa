package dev.tessera.tokenizer.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pictures of bytes against independent PyTorch implementations of the image tokenizers of VAR and taming. */
class PictureEncoderParityTest {
    static Stream<TinyVar> models() {
        return Stream.of(TinyVar.plain(), TinyVar.shared(), TinyVar.unscaled());
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldEncodeAPictureToTheTokensOfTheReference(TinyVar tiny, @TempDir Path folder) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        try (var encoder = OnnxPictureEncoder.open(bundle, GraphOptions.defaults())) {
            // When
            TokenGrid tokens = encoder.encode(bundle.manifest().image(), tiny.picture());

            // Then
            assertThat(tokens).isEqualTo(tiny.pictureTokens());
        }
    }

    static Stream<TinyTaming> windowed() {
        return Stream.of(TinyTaming.classes(), TinyTaming.segmentation());
    }

    @ParameterizedTest
    @MethodSource("windowed")
    void shouldEncodeAPictureLargerThanTheWindow(TinyTaming tiny, @TempDir Path folder) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        BundleManifest manifest = bundle.manifest();
        TokenGrid expected = tiny.pictureTokens();
        var size = new ImageSize(
                expected.columns() * manifest.image().width() / manifest.grid().columns(),
                expected.rows() * manifest.image().height() / manifest.grid().rows());
        try (var encoder = OnnxPictureEncoder.open(bundle, GraphOptions.defaults())) {
            // When
            TokenGrid tokens = encoder.encode(size, tiny.picture());

            // Then
            assertThat(tokens).isEqualTo(expected);
        }
    }
}
