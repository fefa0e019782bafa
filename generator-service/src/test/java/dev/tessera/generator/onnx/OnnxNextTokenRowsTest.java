package dev.tessera.generator.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generator.NextTokenModel;
import dev.tessera.generator.Prefix;
import dev.tessera.generator.TinyModel;
import dev.tessera.inference.onnx.Device;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The logits of a batch's rows, step by step. */
@Timeout(120)
class OnnxNextTokenRowsTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults();

    private final Path folder;

    OnnxNextTokenRowsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void shouldGiveEachRowTheSameBitsWhateverTheBatch() {
        // Given: every row of the batch holds what is also made alone in row 0
        TinyModel tiny = TinyModel.text(folder.resolve("tiny"));
        int rows = 32;
        int[] lengths = IntStream.range(0, rows).map(row -> 1 + row * 7 % 40).toArray();
        int vocabulary = tiny.bundle().manifest().codebook().size();
        var random = new Random(1);
        int[] tokens = random.ints(rows * 8L, 0, vocabulary).toArray();
        try (var batch = OnnxNextTokenModel.open(tiny.bundle(), rows, OPTIONS);
                var alone = OnnxNextTokenModel.open(tiny.bundle(), 1, OPTIONS)) {
            int firstCondition = vocabulary + 40;
            for (int count : new int[] {1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32}) {
                // When
                for (int row = 0; row < count; row++) {
                    batch.prefill(row, new Prefix.Entries(firstCondition - lengths[row], lengths[row]));
                }
                for (int step = 0; step < 8; step++) {
                    batch.step(count, fed(tokens, count, step), cells(count, step), slots(lengths, count, step));
                }

                // Then
                for (int row = 0; row < count; row++) {
                    int[] length = {lengths[row]};
                    alone.prefill(0, new Prefix.Entries(firstCondition - length[0], length[0]));
                    for (int step = 0; step < 8; step++) {
                        alone.step(1, new int[] {tokens[step * 32 + row]}, cells(1, step), slots(length, 1, step));
                    }
                    assertThat(bits(batch.logits(), row, vocabulary))
                            .as("row %d of %d", row, count)
                            .isEqualTo(bits(alone.logits(), 0, vocabulary));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldGoOnInACopiedRowAsIfItHadAlwaysBeenThere(Device device) {
        // Given
        TinyModel tiny = TinyModel.classes(folder.resolve("tiny"));
        int vocabulary = tiny.bundle().manifest().codebook().size();
        try (var model = OnnxNextTokenModel.open(tiny.bundle(), 4, OPTIONS.withDevice(device))) {
            for (int row = 0; row < 4; row++) {
                model.prefill(row, new Prefix.Entries(vocabulary + row, 1));
            }
            model.step(4, new int[] {1, 2, 3, 4}, new int[4], new int[] {1, 1, 1, 1});

            // When
            model.copyRow(3, 1, 2);
            model.step(4, new int[] {5, 9, 5, 9}, new int[] {1, 1, 1, 1}, new int[] {2, 2, 2, 2});

            // Then
            assertThat(bits(model.logits(), 1, vocabulary)).isEqualTo(bits(model.logits(), 3, vocabulary));
            assertThat(bits(model.logits(), 0, vocabulary)).isNotEqualTo(bits(model.logits(), 2, vocabulary));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldComeCloseToTheReferenceWithAttentionInSixteenBits(Device device) {
        // Given
        TinyModel whole = TinyModel.text(folder.resolve("whole"));
        TinyModel half = TinyModel.half(folder.resolve("half"));
        int vocabulary = whole.bundle().manifest().codebook().size();
        int firstCondition = vocabulary + 40;
        try (var expected = OnnxNextTokenModel.open(whole.bundle(), 2, OPTIONS);
                var model = OnnxNextTokenModel.open(half.bundle(), 2, OPTIONS.withDevice(device))) {
            for (NextTokenModel each : List.of(expected, model)) {
                each.prefill(1, new Prefix.Entries(firstCondition - 9, 9));
                each.copyRow(1, 0, 9);
            }

            // When
            for (int step = 0; step < 12; step++) {
                for (NextTokenModel each : List.of(expected, model)) {
                    each.step(2, new int[] {step, 3}, cells(2, step), slots(new int[] {9, 9}, 2, step));
                }
            }

            // Then
            assertThat(numbers(model.logits(), 2 * vocabulary))
                    .isNotEqualTo(numbers(expected.logits(), 2 * vocabulary))
                    .usingComparatorWithPrecision(0.02f)
                    .containsExactly(numbers(expected.logits(), 2 * vocabulary));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldLeaveTheSameLogitsByBothWaysToTheProcessor(boolean halfAttention) {
        // Given
        Path target = folder.resolve("tiny");
        TinyModel tiny = halfAttention ? TinyModel.half(target) : TinyModel.text(target);
        int vocabulary = tiny.bundle().manifest().codebook().size();
        int firstCondition = vocabulary + 40;
        int[] lengths = {3, 17, 40, 1, 8};
        int[] tokens = new Random(5).ints(5 * 40, 0, vocabulary).toArray();
        try (var pinned = OnnxNextTokenModel.open(tiny.bundle(), 5, OPTIONS);
                var bound = OnnxNextTokenModel.open(tiny.bundle(), 5, OPTIONS.withDevice(Device.CPU_BOUND))) {
            for (NextTokenModel model : List.of(pinned, bound)) {
                for (int row = 0; row < 5; row++) {
                    model.prefill(row, new Prefix.Entries(firstCondition - lengths[row], lengths[row]));
                }
            }
            for (int step = 0; step < 40; step++) {
                // When: the last row takes the place of the second, in the middle
                int rows = step < 20 ? 5 : 4;
                for (NextTokenModel model : List.of(pinned, bound)) {
                    if (step == 20) {
                        model.copyRow(4, 1, lengths[4] + step);
                    }
                }
                if (step == 20) {
                    lengths[1] = lengths[4];
                }
                int[] fed = Arrays.copyOfRange(tokens, 5 * step, 5 * step + rows);
                pinned.step(rows, fed, cells(rows, step), slots(lengths, rows, step));
                bound.step(rows, fed, cells(rows, step), slots(lengths, rows, step));

                // Then
                for (int row = 0; row < rows; row++) {
                    assertThat(bits(bound.logits(), row, vocabulary))
                            .as("row %d at step %d", row, step)
                            .isEqualTo(bits(pinned.logits(), row, vocabulary));
                }
            }
        }
    }

    private static int[] fed(int[] tokens, int rows, int step) {
        return IntStream.range(0, rows).map(row -> tokens[step * 32 + row]).toArray();
    }

    private static int[] cells(int rows, int step) {
        return IntStream.range(0, rows).map(row -> step).toArray();
    }

    private static int[] slots(int[] lengths, int rows, int step) {
        return IntStream.range(0, rows).map(row -> lengths[row] + step).toArray();
    }

    private static float[] numbers(FloatBuffer logits, int count) {
        float[] numbers = new float[count];
        logits.get(0, numbers);
        return numbers;
    }

    private static List<Integer> bits(FloatBuffer logits, int row, int vocabulary) {
        return IntStream.range(0, vocabulary)
                .mapToObj(i -> Float.floatToRawIntBits(logits.get(row * vocabulary + i)))
                .toList();
    }
}
