package dev.tessera.importer.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxModelTest {
    @Test
    void shouldKeepSmallConstantsInTheGraphAndLargeOnesBesideIt(@TempDir Path directory) throws IOException {
        // Given
        var small = new OnnxModel("small", WeightStorage.FP32);
        small.weights("w", List.of(8L, 8L), ones(64));
        var large = new OnnxModel("large", WeightStorage.FP32);
        large.weights("v", List.of(65L), ones(65));
        large.weights("w", List.of(13L, 5L), ones(65));

        // When
        OnnxFile.write(small, directory.resolve("small.onnx"));
        OnnxFile.write(large, directory.resolve("large.onnx"));

        // Then: the second tensor begins at the next multiple of 64
        assertThat(directory.resolve("small.onnx.data")).doesNotExist();
        assertThat(Files.size(directory.resolve("large.onnx.data"))).isEqualTo(5 * 64 + 65 * 4);
    }

    @Test
    void shouldRefuseAWeightThatHalfPrecisionCannotHold(@TempDir Path directory) {
        // Given
        var model = new OnnxModel("model", WeightStorage.FP16);
        model.weights("w", List.of(1L, 2L), new ComputedWeights("big", new float[] {1, 70_000}));

        // When, Then
        assertThatThrownBy(() -> OnnxFile.write(model, directory.resolve("model.onnx")))
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_WEIGHT))
                .hasMessageContaining("'big' holds the weight 70000.0, too large for fp16");
    }

    @Test
    void shouldRefuseTwoValuesOfOneNameAndWeightsThatDoNotFit() {
        var model = new OnnxModel("model", WeightStorage.FP32);
        model.weights("w", List.of(2L), ones(2));
        assertThatThrownBy(() -> model.weights("w", List.of(2L), ones(2)))
                .hasMessageContaining("two values are called w");
        assertThatThrownBy(() -> model.weights("v", List.of(3L), ones(2)))
                .hasMessageContaining("do not fill the shape [3]");
    }

    private static ComputedWeights ones(int count) {
        float[] values = new float[count];
        Arrays.fill(values, 1f);
        return new ComputedWeights("ones", values);
    }
}
