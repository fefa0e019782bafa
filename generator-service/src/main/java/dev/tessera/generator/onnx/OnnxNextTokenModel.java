package dev.tessera.generator.onnx;

import dev.tessera.generator.NextTokenDimensions;
import dev.tessera.generator.NextTokenModel;
import dev.tessera.generator.Prefix;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.inference.onnx.ElementType;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.ResidentMemory;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.FloatBuffer;

/**
 * A next-token network on ONNX Runtime. It owns the key/value cache of all its rows; a prefill runs on a window of one
 * row, a step on the window of the first rows, both without a copy.
 */
public final class OnnxNextTokenModel implements NextTokenModel {
    /** The cache's slots are a multiple of this. */
    private static final int SLOT_BLOCK = 8;

    private final NextTokenDimensions dimensions;
    private final int rows;
    private final NextTokenGraphs graphs;
    private final ResidentMemory resident;
    private final TensorMemory memory = new TensorMemory();
    private final KeyValueCache cache;
    private final FloatBuffer logits;
    private final Prefill prefill;
    private final DecodeSteps steps;

    private OnnxNextTokenModel(
            NextTokenDimensions dimensions, NextTokenTransformer network, int rows, NextTokenGraphs graphs) {
        var sizes = new NextTokenSizes(rows, dimensions.prefixTokens(), network.width());
        int slots = (dimensions.positions() + SLOT_BLOCK - 1) / SLOT_BLOCK * SLOT_BLOCK;
        Tensor logits = memory.float32(rows, dimensions.vocabulary());
        this.dimensions = dimensions;
        this.rows = rows;
        this.graphs = graphs;
        this.logits = logits.floats();
        this.resident = graphs.transformer().residentMemory();
        this.cache = new KeyValueCache(resident, network, rows, slots);
        this.prefill = new Prefill(graphs, cache, sizes, logits);
        Tensor embeddings = resident.allocate(ElementType.FLOAT32, rows, 1, network.width());
        this.steps = new DecodeSteps(graphs, memory, cache, new DecodeSteps.Ends(embeddings, logits), sizes);
    }

    /**
     * @param rows of the cache: two for each guided image in flight
     * @throws dev.tessera.inference.onnx.OnnxException when a graph is not what the manifest says
     */
    public static OnnxNextTokenModel open(ModelBundle bundle, int rows, GraphOptions options) {
        NextTokenTransformer network =
                switch (bundle.manifest().generator()) {
                    case NextTokenTransformer transformer -> transformer;
                    case NextScaleTransformer _, MaskedTransformer _, WindowedTransformer _ ->
                        throw new IllegalArgumentException("not a next-token model");
                };
        NextTokenGraphs graphs = NextTokenGraphs.open(bundle, network, options);
        return new OnnxNextTokenModel(NextTokenDimensions.of(bundle.manifest()), network, rows, graphs);
    }

    @Override
    public NextTokenDimensions dimensions() {
        return dimensions;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public FloatBuffer logits() {
        return logits;
    }

    @Override
    public void prefill(int row, Prefix prefix) {
        prefill.run(row, prefix);
    }

    @Override
    public void step(int rows, int[] tokens, int[] cells, int[] slots) {
        steps.run(rows, tokens, cells, slots);
    }

    @Override
    public void copyRow(int from, int to, int slots) {
        cache.copyRow(from, to, slots);
    }

    @Override
    public void close() {
        memory.close();
        resident.close();
        graphs.close();
    }
}
