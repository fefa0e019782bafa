package dev.tessera.generator.onnx;

import dev.tessera.generator.SequencePart;
import dev.tessera.generator.WindowDimensions;
import dev.tessera.generator.WindowModel;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NextTokenTransformer;
import dev.tessera.inference.bundle.WindowedTransformer;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.ResidentMemory;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A windowed network on ONNX Runtime. Sequences that are remembered lie in a key/value cache that a run reads and writes
 * in place; of those that are read whole, nothing is kept but for {@link #readFirst}.
 */
public final class OnnxWindowModel implements WindowModel {
    /** The cache's slots are a multiple of this. */
    private static final int SLOT_BLOCK = 8;

    /** Of the widest values between two products, all windows of a run together: what a processor's cache holds. */
    private static final long READING_MEMORY = 64L << 20;

    private static final int MOST_READERS = 8;

    /** How much wider the values inside a feed-forward layer are. */
    private static final int FEED_FORWARD = 4;

    private final WindowDimensions dimensions;
    private final NextTokenTransformer network;
    private final int rows;
    private final int readers;
    private final WindowGraphs graphs;
    private final ResidentMemory resident;
    private final KeyValueCache cache;

    /** One row, for sequences that begin alike, and for nothing. */
    private final KeyValueCache scratch;

    /** Of the last run: the logits are in it. */
    private TensorMemory run = new TensorMemory();

    private OnnxWindowModel(WindowDimensions dimensions, int rows, WindowGraphs graphs) {
        this.dimensions = dimensions;
        this.network = sequences(dimensions.network());
        this.rows = rows;
        int slots = slots(dimensions.network());
        this.graphs = graphs;
        this.readers = readers(dimensions.network());
        this.resident = graphs.transformer().residentMemory();
        this.cache = new KeyValueCache(resident, network, rows, slots);
        this.scratch = new KeyValueCache(resident, network, 1, slots);
    }

    /**
     * @param rows of the cache: one for each image in flight, and others for windows that stay until a later row
     * @throws dev.tessera.inference.onnx.OnnxException when a graph is not what the manifest says
     */
    public static OnnxWindowModel open(ModelBundle bundle, int rows, GraphOptions options) {
        var dimensions = WindowDimensions.of(bundle.manifest());
        return new OnnxWindowModel(
                dimensions, rows, WindowGraphs.open(bundle, sequences(dimensions.network()), options));
    }

    /** Of the cache's keys and values. */
    public static long bytesPerRow(WindowedTransformer network) {
        return 2L * network.layers() * network.heads() * network.headSize() * slots(network) * Float.BYTES;
    }

    private static int readers(WindowedTransformer network) {
        long widest = (long) FEED_FORWARD * network.width() * network.positions() * Float.BYTES;
        return (int) Math.clamp(READING_MEMORY / widest, 1, MOST_READERS);
    }

    private static int slots(WindowedTransformer network) {
        return Math.ceilDiv(network.positions(), SLOT_BLOCK) * SLOT_BLOCK;
    }

    /** The cache is that of a next-token network, whose image is the window. */
    private static NextTokenTransformer sequences(WindowedTransformer network) {
        return new NextTokenTransformer(
                network.layers(), network.heads(), network.headSize(), network.width(), network.prefixTokens());
    }

    @Override
    public WindowDimensions dimensions() {
        return dimensions;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int readers() {
        return readers;
    }

    @Override
    public FloatBuffer run(int firstRow, List<SequencePart> parts, List<SequencePart> sequences) {
        return parts.isEmpty() ? run(scratch, 0, parts, sequences) : run(cache, firstRow, parts, sequences);
    }

    @Override
    public FloatBuffer readFirst(SequencePart sequence) {
        return run(scratch, 0, List.of(sequence), List.of());
    }

    @Override
    public FloatBuffer readOther(SequencePart rest) {
        return run(scratch, 0, List.of(rest), List.of());
    }

    private FloatBuffer run(
            KeyValueCache remembered, int firstRow, List<SequencePart> parts, List<SequencePart> sequences) {
        run.close();
        run = new TensorMemory();
        Map<String, Tensor> inputs = new WindowInputs(run, graphs.embedding(), network.width()).of(parts, sequences);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        remembered.bind(run, firstRow, firstRow + Math.max(1, parts.size()), inputs, outputs);
        Tensor logits = run.float32(parts.size() + sequences.size(), dimensions.vocabulary());
        outputs.put("logits", logits);
        graphs.transformer().run(inputs, outputs);
        return logits.floats();
    }

    @Override
    public void copyRow(int from, int to, int filled) {
        cache.copyRow(from, to, filled);
    }

    @Override
    public void close() {
        run.close();
        resident.close();
        graphs.close();
    }
}
