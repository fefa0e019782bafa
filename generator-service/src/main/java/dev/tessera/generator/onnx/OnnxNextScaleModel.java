package dev.tessera.generator.onnx;

import dev.tessera.generator.NextScaleDimensions;
import dev.tessera.generator.NextScaleModel;
import dev.tessera.inference.CodeVectors;
import dev.tessera.inference.LatentPicture;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextScaleTransformer;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A next-scale network on ONNX Runtime. It owns the keys and values of all its rows; a run reads those of its rows in
 * place, and what it adds is copied behind them.
 */
public final class OnnxNextScaleModel implements NextScaleModel {
    private final NextScaleDimensions dimensions;
    private final int rowCount;
    private final NextScaleGraphs graphs;
    private final CodeVectors codes;
    private final TensorMemory memory = new TensorMemory();
    private final ScaleRows rows;
    private final ScaleCache cache;

    /** Of the last run: the logits are in it. */
    private TensorMemory run = new TensorMemory();

    private OnnxNextScaleModel(
            NextScaleDimensions dimensions, NextScaleTransformer network, int rowCount, NextScaleGraphs graphs) {
        this.dimensions = dimensions;
        this.rowCount = rowCount;
        this.graphs = graphs;
        this.codes = graphs.latents().codeVectors();
        this.rows = new ScaleRows(graphs, memory, network, dimensions.classes(), rowCount);
        this.cache = new ScaleCache(memory, network, rowCount);
    }

    /**
     * @param rows two for each guided image in flight
     * @throws dev.tessera.inference.onnx.OnnxException when a graph is not what the manifest says
     */
    public static OnnxNextScaleModel open(ModelBundle bundle, int rows, GraphOptions options) {
        NextScaleTransformer network =
                switch (bundle.manifest().generator()) {
                    case NextScaleTransformer transformer -> transformer;
                    case NextTokenTransformer _, MaskedTransformer _, WindowedTransformer _ ->
                        throw new IllegalArgumentException(bundle.name() + " is not a next-scale model");
                };
        return new OnnxNextScaleModel(
                NextScaleDimensions.of(bundle.manifest()),
                network,
                rows,
                NextScaleGraphs.open(bundle, network, options));
    }

    @Override
    public NextScaleDimensions dimensions() {
        return dimensions;
    }

    @Override
    public CodeVectors codes() {
        return codes;
    }

    @Override
    public int rows() {
        return rowCount;
    }

    @Override
    public void begin(int row, int classId) {
        rows.begin(row, classId, false);
    }

    @Override
    public void accompany(int row, int classId) {
        rows.begin(row, classId, true);
    }

    @Override
    public FloatBuffer advance(int scale, int from, int to) {
        run.close();
        run = new TensorMemory();
        int tokens = dimensions.tokens(scale);
        int past = dimensions.firstToken(scale);
        boolean last = scale == dimensions.scales() - 1;
        ScaleCache.Own own = cache.own(run, to - from, tokens, !last);
        Tensor logits = run.float32(to - from, tokens, dimensions.vocabulary());
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        outputs.put("logits", logits);
        own.bind(outputs);
        graphs.transformer().run(inputs(scale, from, to), outputs);
        if (!last) {
            cache.keep(own, from, past);
        }
        return logits.floats();
    }

    private Map<String, Tensor> inputs(int scale, int from, int to) {
        Tensor past = run.int64(1);
        past.longs().put(0, dimensions.firstToken(scale));
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("embeddings", rows.input(run, scale, from, to, dimensions.tokens(scale)));
        inputs.put("modulation", rows.modulation(run, from, to));
        inputs.put("past", past);
        cache.bind(run, from, to, inputs);
        return inputs;
    }

    @Override
    public void refine(int row, int scale, int[] tokens) {
        rows.refine(row, scale, tokens);
    }

    @Override
    public void refine(int row, int scale, float[] vectors) {
        rows.refine(row, scale, vectors);
    }

    @Override
    public LatentPicture latent(int row) {
        return rows.latent(row);
    }

    @Override
    public void copyRow(int from, int to, int scale) {
        rows.copyRow(from, to);
        cache.copyRow(from, to, dimensions.firstToken(scale));
    }

    @Override
    public void close() {
        run.close();
        memory.close();
        graphs.close();
    }
}
