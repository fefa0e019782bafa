package dev.tessera.tokenizer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.tokenizer.TokenizerException;
import dev.tessera.v1.ConditionSource;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxMapEncoderTest {
    @TempDir
    private Path folder;

    @Test
    void shouldGiveTheTokensThatTheReferenceMakesOfLabels() {
        // Given
        TinyTaming tiny = TinyTaming.segmentation();
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        try (OnnxMapEncoder encoder = open(bundle)) {
            for (int image = 0; image < tiny.images(); image++) {
                // When, Then
                assertThat(encoder.encode(labels(tiny, bundle, image))).isEqualTo(tiny.mapOf(image));
            }
        }
    }

    @Test
    void shouldTakeDepthsOfAllSizesThatTheModelMakes() {
        // Given
        TinyTaming tiny = TinyTaming.depth();
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        ImageSize size = bundle.manifest().image();
        byte[] near = new byte[size.width() * size.height() * 2];
        Arrays.fill(near, (byte) 255);
        try (OnnxMapEncoder encoder = open(bundle)) {
            // When
            var far = encoder.encode(map(2 * size.width(), size.height(), new byte[near.length]));
            var close = encoder.encode(map(2 * size.width(), size.height(), near));

            // Then
            assertThat(far.columns()).isEqualTo(2 * bundle.manifest().grid().columns());
            assertThat(far).isNotEqualTo(close);
        }
    }

    @Test
    void shouldRefuseWhatIsNoMapOfTheModel() {
        // Given
        ModelBundle bundle = TinyTaming.segmentation().importTo(folder.resolve("tiny"), "tiny");
        ImageSize size = bundle.manifest().image();
        byte[] unknown = new byte[size.width() * size.height()];
        unknown[3] = 5;
        try (OnnxMapEncoder encoder = open(bundle)) {
            // When, Then
            refused(encoder, map(size.width(), size.height(), unknown), "the map has the label 5");
            refused(encoder, map(size.width(), size.height(), new byte[3]), "the map does not fill");
            refused(encoder, map(1, 1, new byte[1]), "which is no size of tiny");
        }
    }

    private static void refused(OnnxMapEncoder encoder, ConditionSource map, String message) {
        assertThatExceptionOfType(TokenizerException.class)
                .isThrownBy(() -> encoder.encode(map))
                .withMessageContaining(message);
    }

    private static OnnxMapEncoder open(ModelBundle bundle) {
        return OnnxMapEncoder.open(bundle, (MapConditioning) bundle.manifest().conditioning(), GraphOptions.defaults());
    }

    private static ConditionSource labels(TinyTaming tiny, ModelBundle bundle, int image) {
        ImageSize size = bundle.manifest().image();
        int token = size.width() / bundle.manifest().grid().columns();
        var map = tiny.mapOf(image);
        return map(map.columns() * token, map.rows() * token, tiny.labels(image));
    }

    private static ConditionSource map(int width, int height, byte[] values) {
        return ConditionSource.newBuilder()
                .setWidth(width)
                .setHeight(height)
                .setValues(ByteString.copyFrom(values))
                .build();
    }
}
