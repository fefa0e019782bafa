package dev.tessera.importer.graph;

import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A graph of rows of numbers that is written to a file and run: x of [rows, in], y of [rows, out].
 *
 * @param directory where its file goes
 */
record RowGraph(Path directory, int in, int out) {

    /** With its input declared; what makes y of x is to be added. */
    OnnxModel begun() {
        var graph = new OnnxModel("rows", WeightStorage.FP32);
        graph.input("x", DataType.FLOAT, Dimension.named("rows"), Dimension.of(in));
        return graph;
    }

    /** y of some rows of x. */
    float[] run(OnnxModel graph, float[] x, int threads) {
        graph.output("y", DataType.FLOAT, Dimension.named("rows"), Dimension.of(out));
        Path file = directory.resolve(UUID.randomUUID() + ".onnx");
        OnnxFile.write(graph, file);
        int rows = x.length / in;
        try (var memory = new TensorMemory();
                var opened = OnnxGraph.open(
                        file, signature(), GraphOptions.defaults().withThreads(threads))) {
            Tensor given = memory.float32(rows, in);
            given.floats().put(0, x);
            Tensor made = memory.float32(rows, out);
            opened.run(Map.of("x", given), Map.of("y", made));
            float[] y = new float[rows * out];
            made.floats().get(0, y);
            return y;
        }
    }

    private GraphSignature signature() {
        var rows = dev.tessera.inference.onnx.Dimension.free("rows");
        return new GraphSignature(
                List.of(Port.float32("x", rows, dev.tessera.inference.onnx.Dimension.fixed(in))),
                List.of(Port.float32("y", rows, dev.tessera.inference.onnx.Dimension.fixed(out))));
    }
}
