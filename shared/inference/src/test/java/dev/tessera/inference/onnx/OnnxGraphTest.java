package dev.tessera.inference.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.inference.onnx.OnnxException.Reason;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ways to the runtime give the same. */
class OnnxGraphTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults().withThreads(1);

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldWriteResultsIntoTheTensorsItWasGiven(Device device) {
        try (TensorMemory memory = new TensorMemory();
                OnnxGraph graph =
                        OnnxGraph.open(TestGraphs.file("scaled.onnx"), TestGraphs.SCALED, OPTIONS.withDevice(device))) {
            // Given
            Tensor values = memory.float32(3, 2);
            values.floats().put(new float[] {1, 2, 3, 4, 5, 6});
            Tensor factor = memory.float32(1);
            Tensor scaled = memory.float32(3, 2);
            Tensor rows = memory.int64(2);
            Binding binding =
                    graph.bind(Map.of("values", values, "factor", factor), Map.of("scaled", scaled, "rows", rows));

            // When
            factor.floats().put(10);
            binding.run();
            float[] first = floats(scaled);
            factor.floats().put(-1);
            binding.run();

            // Then
            assertThat(first).containsExactly(10, 20, 30, 40, 50, 60);
            assertThat(floats(scaled)).containsExactly(-1, -2, -3, -4, -5, -6);
            assertThat(rows.longs().get(0)).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldRunOnRowsOfALargerTensorWithoutTouchingItsNeighbours(Device device) {
        try (TensorMemory memory = new TensorMemory();
                OnnxGraph graph =
                        OnnxGraph.open(TestGraphs.file("scaled.onnx"), TestGraphs.SCALED, OPTIONS.withDevice(device))) {
            // Given
            Tensor values = memory.float32(4, 2);
            values.floats().put(new float[] {1, 2, 3, 4, 5, 6, 7, 8});
            Tensor factor = memory.float32(1);
            factor.floats().put(2);
            Tensor scaled = memory.float32(4, 2);

            // When
            try (TensorMemory views = new TensorMemory()) {
                graph.run(
                        Map.of("values", views.rows(values, 1, 3), "factor", factor),
                        Map.of("scaled", views.rows(scaled, 1, 3), "rows", views.int64(2)));
            }

            // Then
            assertThat(floats(scaled)).containsExactly(0, 0, 6, 8, 10, 12, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldKeepTheKeysAndValuesOfEarlierStepsInASharedBuffer(Device device) {
        try (TensorMemory memory = new TensorMemory();
                OnnxGraph graph = OnnxGraph.open(
                        TestGraphs.file("attention.onnx"), TestGraphs.ATTENTION, OPTIONS.withDevice(device))) {
            // Given
            Tensor qkv = memory.float32(1, 1, 24);
            Tensor length = memory.int32(1);
            Tensor total = memory.int32(1);
            Tensor keys = memory.float32(1, 1, 4, 8);
            Tensor values = memory.float32(1, 1, 4, 8);
            Tensor attended = memory.float32(1, 1, 8);
            Binding binding = graph.bind(
                    Map.of(
                            "qkv", qkv,
                            "seqlens_k", length,
                            "total_length", total,
                            "past_key", keys,
                            "past_value", values),
                    Map.of("attended", attended, "present_key", keys, "present_value", values));

            // When
            for (int step = 0; step < 3; step++) {
                // Queries of zero weigh all keys alike: the result is the mean of the values so far.
                fillValue(qkv, step + 1);
                length.ints().put(step);
                total.ints().put(step + 1);
                binding.run();
            }

            // Then
            assertThat(attended.floats().get(0)).isCloseTo(2, within(1e-6f));
            assertThat(values.floats().get(0)).isEqualTo(1);
            assertThat(values.floats().get(16)).isEqualTo(3);
            assertThat(values.floats().get(24)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldNameBothSignaturesWhenTheyDiffer(Device device) {
        // Given
        GraphSignature expected = new GraphSignature(
                List.of(Port.int64("values", free("B"), fixed(3)), Port.float32("scale", fixed(1))),
                TestGraphs.SCALED.outputs());

        // When, Then
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> OnnxGraph.open(TestGraphs.file("scaled.onnx"), expected, OPTIONS.withDevice(device)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.SIGNATURE_MISMATCH))
                .withMessageContaining("scaled.onnx")
                .withMessageContaining("input values is FLOAT32[?, 2], expected INT64[B, 3]")
                .withMessageContaining("input scale FLOAT32[1] is expected, the graph has only [values, factor]")
                .withMessageContaining("input factor is not expected");
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldRefuseASizeThatTheGraphFixesAndTheCodeLeavesOpen(Device device) {
        // Given
        GraphSignature expected = new GraphSignature(
                List.of(Port.float32("values", free("B"), free("C")), Port.float32("factor", fixed(1))),
                TestGraphs.SCALED.outputs());

        // When, Then
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> OnnxGraph.open(TestGraphs.file("scaled.onnx"), expected, OPTIONS.withDevice(device)))
                .withMessageContaining("input values is FLOAT32[?, 2], expected FLOAT32[B, C]");
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldRefuseTensorsThatDoNotFitTogether(Device device) {
        try (TensorMemory memory = new TensorMemory();
                OnnxGraph graph =
                        OnnxGraph.open(TestGraphs.file("scaled.onnx"), TestGraphs.SCALED, OPTIONS.withDevice(device))) {
            // Given
            Map<String, Tensor> inputs = Map.of("values", memory.float32(3, 2), "factor", memory.float32(1));
            Tensor rows = memory.int64(2);

            // When, Then
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> graph.bind(inputs, Map.of("scaled", memory.float32(2, 2), "rows", rows)))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.BINDING_MISMATCH))
                    .withMessageContaining("output scaled FLOAT32[B, 2] was given FLOAT32[2, 2] where {B=3}");
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> graph.bind(inputs, Map.of("rows", rows)))
                    .withMessageContaining("output scaled FLOAT32[B, 2] has no tensor");
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> graph.bind(
                            inputs, Map.of("scaled", memory.float32(3, 2), "rows", rows, "more", memory.int64(1))))
                    .withMessageContaining("more");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldNameTheFileThatIsNoGraph(Device device, @TempDir Path folder) throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("broken.onnx"), "not a graph");

        // When, Then
        assertThatExceptionOfType(OnnxException.class)
                .isThrownBy(() -> OnnxGraph.open(file, TestGraphs.SCALED, OPTIONS.withDevice(device)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.GRAPH_UNREADABLE))
                .withMessageContaining(file.toString());
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldSayWhyARunFailed(Device device) {
        try (TensorMemory memory = new TensorMemory();
                OnnxGraph graph = OnnxGraph.open(
                        TestGraphs.file("attention.onnx"), TestGraphs.ATTENTION, OPTIONS.withDevice(device))) {
            // Given: more valid slots than there are
            Tensor keys = memory.float32(1, 1, 4, 8);
            Tensor values = memory.float32(1, 1, 4, 8);
            Tensor length = memory.int32(1);
            length.ints().put(0, 9);
            Tensor total = memory.int32(1);
            total.ints().put(0, 10);
            Map<String, Tensor> inputs = Map.of(
                    "qkv", memory.float32(1, 1, 24),
                    "seqlens_k", length,
                    "total_length", total,
                    "past_key", keys,
                    "past_value", values);
            Tensor attended = memory.float32(1, 1, 8);

            // When, Then
            assertThatExceptionOfType(OnnxException.class)
                    .isThrownBy(() -> graph.run(
                            inputs, Map.of("attended", attended, "present_key", keys, "present_value", values)))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.RUN_FAILED))
                    .withMessageContaining("attention.onnx failed")
                    .withMessageContaining("GroupQueryAttention");
        }
    }

    private static void fillValue(Tensor qkv, float value) {
        FloatBuffer floats = qkv.floats();
        for (int i = 16; i < 24; i++) {
            floats.put(i, value);
        }
    }

    private static float[] floats(Tensor tensor) {
        float[] floats = new float[tensor.elements()];
        tensor.floats().get(floats);
        return floats;
    }
}
