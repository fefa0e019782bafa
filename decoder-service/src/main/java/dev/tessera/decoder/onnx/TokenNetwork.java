package dev.tessera.decoder.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.inference.Drawing;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A decoder that takes the tokens of one grid themselves. */
final class TokenNetwork implements ImageNetwork {
    private final OnnxGraph graph;

    private TokenNetwork(OnnxGraph graph) {
        this.graph = graph;
    }

    /** Of grids of one size. */
    static TokenNetwork open(Path graph, BundleManifest manifest, Port pixels, GraphOptions options) {
        Grid grid = manifest.finishedGrid();
        return open(graph, fixed(grid.rows()), fixed(grid.columns()), pixels, options);
    }

    /** Of grids of any size. */
    static TokenNetwork ofAnySize(Path graph, Port pixels, GraphOptions options) {
        return open(graph, free("rows"), free("columns"), pixels, options);
    }

    private static TokenNetwork open(Path graph, Dimension rows, Dimension columns, Port pixels, GraphOptions options) {
        Port tokens = Port.int64("tokens", fixed(1), rows, columns);
        return new TokenNetwork(OnnxGraph.open(graph, new GraphSignature(List.of(tokens), List.of(pixels)), options));
    }

    @Override
    public void run(Drawing drawing, Tensor pixels, TensorMemory memory) {
        TokenGrid tokens = drawing.tokens();
        Tensor input = memory.int64(1, tokens.rows(), tokens.columns());
        LongBuffer ids = input.longs();
        for (int cell = 0; cell < tokens.size(); cell++) {
            ids.put(cell, tokens.id(cell));
        }
        graph.run(Map.of("tokens", input), Map.of("pixels", pixels));
    }

    @Override
    public void close() {
        graph.close();
    }
}
