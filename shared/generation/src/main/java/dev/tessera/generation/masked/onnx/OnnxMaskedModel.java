package dev.tessera.generation.masked.onnx;

import dev.tessera.generation.Condition;
import dev.tessera.generation.masked.MaskedDimensions;
import dev.tessera.generation.masked.MaskedModel;
import dev.tessera.inference.bundle.MaskedTransformer;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;

/** A masked network on ONNX Runtime. It owns what its rows keep of their conditions; a run reads it in place. */
public final class OnnxMaskedModel implements MaskedModel {
    private final MaskedDimensions dimensions;
    private final int rowCount;
    private final MaskedGraphs graphs;
    private final TensorMemory memory = new TensorMemory();
    private final MaskedRows rows;

    /** Of the last run: the logits are in it. */
    private TensorMemory run = new TensorMemory();

    private OnnxMaskedModel(MaskedDimensions dimensions, MaskedTransformer network, int rowCount, MaskedGraphs graphs) {
        this.dimensions = dimensions;
        this.rowCount = rowCount;
        this.graphs = graphs;
        this.rows = new MaskedRows(graphs, memory, dimensions, network, rowCount);
    }

    /**
     * The generator, for rows of {@link Condition.OfText}.
     *
     * @param rows two for each guided image in flight
     * @throws IllegalArgumentException when the bundle is of another family
     * @throws dev.tessera.inference.onnx.OnnxException when a graph is not what the manifest says
     */
    public static OnnxMaskedModel open(ModelBundle bundle, int rows, GraphOptions options) {
        var dimensions = MaskedDimensions.of(bundle.manifest());
        if (bundle.manifest().generator() instanceof MaskedTransformer network) {
            return new OnnxMaskedModel(
                    dimensions, network, rows, MaskedGraphs.open(bundle, dimensions, network, options));
        }
        throw new IllegalArgumentException(bundle.name() + " is not a masked model");
    }

    /**
     * The super-resolution, for rows of {@link Condition.OfBaseGrid}.
     *
     * @param rows two for each guided image in flight
     * @throws IllegalArgumentException when the bundle has no such stage
     * @throws dev.tessera.inference.onnx.OnnxException when a graph is not what the manifest says
     */
    public static OnnxMaskedModel openSuperResolution(ModelBundle bundle, int rows, GraphOptions options) {
        var dimensions = MaskedDimensions.ofSuperResolution(bundle.manifest());
        MaskedTransformer network = bundle.manifest().superres().orElseThrow().network();
        return new OnnxMaskedModel(dimensions, network, rows, MaskedGraphs.open(bundle, dimensions, network, options));
    }

    @Override
    public MaskedDimensions dimensions() {
        return dimensions;
    }

    @Override
    public int rows() {
        return rowCount;
    }

    @Override
    public void begin(int row, Condition.Textual condition) {
        rows.begin(row, condition);
    }

    @Override
    public FloatBuffer advance(int[] tokens, int[] wanted) {
        run.close();
        run = new TensorMemory();
        int count = tokens.length / dimensions.cells();
        Map<String, Tensor> inputs = rows.window(run, 0, count);
        Tensor grids =
                run.int64(count, dimensions.grid().rows(), dimensions.grid().columns());
        inputs.put("tokens", filled(grids, tokens));
        inputs.put("cells", filled(run.int64(wanted.length), wanted));
        Tensor logits = run.float32(wanted.length, dimensions.vocabulary());
        graphs.transformer().run(inputs, Map.of("logits", logits));
        return logits.floats();
    }

    private static Tensor filled(Tensor tensor, int[] values) {
        LongBuffer longs = tensor.longs();
        for (int value : values) {
            longs.put(value);
        }
        return tensor;
    }

    @Override
    public void copyRow(int from, int to) {
        rows.copyRow(from, to);
    }

    @Override
    public void close() {
        run.close();
        memory.close();
        graphs.close();
    }
}
