package dev.tessera.inference.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FlushedSubnormalsTest {
    private static final int ROWS = 200_000;

    /** Half of it is subnormal. */
    private static final float LEAST = Float.MIN_NORMAL;

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldComputeAlikeInAllThreadsAndLeaveJavaAsItWas(Device device) {
        GraphOptions options = GraphOptions.defaults().withThreads(3).withDevice(device);
        try (TensorMemory memory = new TensorMemory();
                OnnxGraph graph = OnnxGraph.open(TestGraphs.file("scaled.onnx"), TestGraphs.SCALED, options)) {
            // Given
            Tensor values = memory.float32(ROWS, 2);
            FloatBuffer numbers = values.floats();
            while (numbers.hasRemaining()) {
                numbers.put(LEAST);
            }
            Tensor factor = memory.float32(1);
            factor.floats().put(0.5f);
            Tensor scaled = memory.float32(ROWS, 2);

            // When
            graph.run(Map.of("values", values, "factor", factor), Map.of("scaled", scaled, "rows", memory.int64(2)));

            // Then
            boolean flushed = FlushedSubnormals.option().equals("1");
            float[] results = new float[2 * ROWS];
            scaled.floats().get(results);
            assertThat(results).containsOnly(flushed ? 0 : LEAST / 2);
            assertThat(factor.floats().get(0) * LEAST).isPositive();
        }
    }
}
