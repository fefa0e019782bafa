package dev.tessera.importer.llamagen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.ElementType;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GptShapeTest {
    @ParameterizedTest
    @CsvSource({
        "768, 2048, 12, 64, 64",
        "1024, 2816, 16, 64, 64",
        "1280, 3584, 20, 64, 64",
        "1536, 4096, 24, 64, 64",
        "2048, 5632, 32, 64, 64",
        "2560, 6912, 40, 64, 64",
        "3200, 8704, 32, 100, 112",
        "4096, 11008, 32, 128, 128"
    })
    void shouldKnowTheHeadsOfThePublishedSizes(int width, int hidden, int heads, int headSize, int padded) {
        // Given
        StateDict weights = StateDict.of("test", tensors(width, hidden));

        // When
        GptShape shape = GptShape.of(weights, 0);

        // Then
        assertThat(shape).isEqualTo(new GptShape(2, heads, width, hidden, 16, 1, 11, false));
        assertThat(shape.headSize()).isEqualTo(headSize);
        assertThat(shape.paddedHeadSize()).isEqualTo(padded);
        assertThat(shape.classes()).isEqualTo(10);
    }

    @Test
    void shouldAskForTheHeadsOfAnotherWidth() {
        // Given
        StateDict weights = StateDict.of("test", tensors(384, 1024));

        // When, Then
        assertThat(GptShape.of(weights, 6).headSize()).isEqualTo(64);
        refused(() -> GptShape.of(weights, 0), "width 384 is none of the published ones");
        refused(() -> GptShape.of(weights, 7), "7 heads do not divide the width 384");
    }

    private static void refused(Runnable run, String message) {
        assertThatThrownBy(run::run)
                .isInstanceOfSatisfying(
                        ImportException.class, e -> assertThat(e.reason()).isEqualTo(Reason.INVALID_OPTION))
                .hasMessageContaining(message);
    }

    private static Map<String, Tensor> tensors(long width, long hidden) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "tok_embeddings.weight", 16, width);
        put(tensors, "cls_embedding.embedding_table.weight", 11, width);
        for (int layer = 0; layer < 2; layer++) {
            put(tensors, "layers." + layer + ".attention.wqkv.weight", 3 * width, width);
            put(tensors, "layers." + layer + ".feed_forward.w1.weight", hidden, width);
        }
        return tensors;
    }

    private static void put(Map<String, Tensor> tensors, String name, long rows, long columns) {
        MemorySegment storage = MemorySegment.NULL.reinterpret(rows * columns * Float.BYTES);
        tensors.put(
                name, Tensor.of(name, ElementType.FLOAT32, List.of(rows, columns), List.of(columns, 1L), storage, 0));
    }
}
