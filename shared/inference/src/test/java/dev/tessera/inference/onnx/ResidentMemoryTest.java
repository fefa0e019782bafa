package dev.tessera.inference.onnx;

import static dev.tessera.inference.onnx.Dimension.free;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.tessera.inference.onnx.OnnxException.Reason;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResidentMemoryTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults().withThreads(1);
    private static final GraphSignature COPY =
            new GraphSignature(List.of(Port.float32("from", free("n"))), List.of(Port.float32("to", free("n"))));

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldBeginWithZeros(Device device) {
        try (OnnxGraph graph = copyGraph(device);
                ResidentMemory resident = graph.residentMemory()) {
            // When: more than is filled at once, and not a multiple of it
            Tensor tensor = resident.allocate(ElementType.FLOAT32, 3, 1000, 1000);

            // Then
            assertThat(numbers(graph, tensor)).hasSize(3_000_000).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldCopyTheSlotsInUseOfARowAndLeaveOtherRowsAlone(Device device) {
        try (OnnxGraph graph = copyGraph(device);
                ResidentMemory resident = graph.residentMemory()) {
            // Given: three rows of two heads with two slots of two numbers
            Tensor tensor = resident.allocate(ElementType.FLOAT32, 3, 2, 2, 2);
            fill(graph, tensor, 1);

            // When: one slot is in use
            resident.copyRow(tensor, 2, 1, 1);

            // Then
            float[] numbers = numbers(graph, tensor);
            assertThat(numbers).startsWith(1, 2, 3, 4, 5, 6, 7, 8).endsWith(17, 18, 19, 20, 21, 22, 23, 24);
            assertThat(new float[] {numbers[8], numbers[9], numbers[12], numbers[13]})
                    .containsExactly(17, 18, 21, 22);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldKeepNumbersOfSixteenBits(Device device) {
        try (OnnxGraph graph = copyGraph(device);
                ResidentMemory resident = graph.residentMemory();
                TensorMemory views = new TensorMemory()) {
            // Given: two rows of one head with two slots of two numbers, seen as half as many floats
            Tensor tensor = resident.allocate(ElementType.FLOAT16, 2, 1, 2, 2);
            Tensor words = tensor.window(views, ElementType.FLOAT32, 0, 16, 4);
            fill(graph, words, 1);

            // When
            resident.copyRow(tensor, 1, 0, 2);

            // Then
            assertThat(numbers(graph, words)).containsExactly(3, 4, 3, 4);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldBeWrittenInPlaceByARun(Device device) {
        try (OnnxGraph graph = OnnxGraph.open(
                        TestGraphs.file("attention.onnx"), TestGraphs.ATTENTION, OPTIONS.withDevice(device));
                OnnxGraph copy = copyGraph(device);
                ResidentMemory resident = graph.residentMemory();
                TensorMemory memory = new TensorMemory()) {
            // Given
            Tensor keys = resident.allocate(ElementType.FLOAT32, 2, 1, 4, 8);
            Tensor values = resident.allocate(ElementType.FLOAT32, 2, 1, 4, 8);
            Tensor qkv = memory.float32(1, 1, 24);
            Tensor length = memory.int32(1);
            Tensor total = memory.int32(1);
            total.ints().put(0, 1);
            Tensor key = memory.rows(keys, 1, 2);
            Tensor value = memory.rows(values, 1, 2);
            Binding binding = graph.bind(
                    Map.of(
                            "qkv",
                            qkv,
                            "seqlens_k",
                            length,
                            "total_length",
                            total,
                            "past_key",
                            key,
                            "past_value",
                            value),
                    Map.of("attended", memory.float32(1, 1, 8), "present_key", key, "present_value", value));

            // When: what the process writes between two runs
            for (int step = 0; step < 2; step++) {
                for (int i = 16; i < 24; i++) {
                    qkv.floats().put(i, step + 5);
                }
                length.ints().put(0, step);
                total.ints().put(0, step + 1);
                binding.run();
            }

            // Then
            assertThat(numbers(copy, values))
                    .startsWith(new float[32])
                    .endsWith(
                            5, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                            0);
        }
    }

    @Test
    void shouldNotShowOneDevicesMemoryToAnother() {
        try (OnnxGraph bound = copyGraph(Device.CPU_BOUND);
                OnnxGraph pinned = copyGraph(Device.CPU);
                ResidentMemory resident = bound.residentMemory();
                TensorMemory memory = new TensorMemory()) {
            // Given
            Tensor tensor = resident.allocate(ElementType.FLOAT32, 4);

            // When, Then
            assertThatIllegalStateException()
                    .isThrownBy(tensor::floats)
                    .withMessageContaining("FLOAT32[4] is in memory of CPU_BOUND");
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> pinned.run(Map.of("from", tensor), Map.of("to", memory.float32(4))))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BINDING_MISMATCH));
        }
    }

    @Test
    void shouldRefuseATensorOfMoreThanTwoGibibytes() {
        try (OnnxGraph graph = copyGraph(Device.CPU_BOUND);
                ResidentMemory resident = graph.residentMemory()) {
            // When, Then
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> resident.allocate(ElementType.FLOAT32, 1024, 1024, 512))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TENSOR_TOO_LARGE));
        }
    }

    @Test
    void shouldSayWhatCudaTakesWhereItCannotBeUsed() {
        // When, Then
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> copyGraph(Device.CUDA))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.RUNTIME_UNAVAILABLE))
                .withMessageStartingWith("CUDA cannot be used here: it takes a build with the Maven profile cuda");
    }

    private static OnnxGraph copyGraph(Device device) {
        return OnnxGraph.open(file("copy.onnx"), COPY, OPTIONS.withDevice(device));
    }

    private static void fill(OnnxGraph copy, Tensor tensor, int first) {
        try (TensorMemory memory = new TensorMemory()) {
            Tensor from = memory.float32(tensor.elements());
            for (int i = 0; i < tensor.elements(); i++) {
                from.floats().put(i, first + i);
            }
            copy.run(Map.of("from", from), Map.of("to", memory.view(tensor, 0, tensor.elements())));
        }
    }

    private static float[] numbers(OnnxGraph copy, Tensor tensor) {
        try (TensorMemory memory = new TensorMemory()) {
            Tensor to = memory.float32(tensor.elements());
            copy.run(Map.of("from", memory.view(tensor, 0, tensor.elements())), Map.of("to", to));
            float[] numbers = new float[tensor.elements()];
            to.floats().get(numbers);
            return numbers;
        }
    }

    private static Path file(String name) {
        try {
            return Path.of(
                    Objects.requireNonNull(OnnxGraph.class.getResource(name)).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
