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
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A windowed network on ONNX Runtime. Sequences that are remembered lie in a key/value cache that a run reads and writes
 * in place; those that are not, in a small one that the next run overwrites.
 */
public final class OnnxWindowModel implements WindowModel {
    /** The cache's slots are a multiple of this. */
    private static final int SLOT_BLOCK = 8;

    private static final long READING_MEMORY = 64L << 20;
    private static final int MOST_READERS = 8;

    private final WindowDimensions dimensions;
    private final NextTokenTransformer network;
    private final int rows;
    private final int readers;
    private final NextTokenGraphs graphs;
    private final ResidentMemory resident;
    private final KeyValueCache cache;

    private final KeyValueCache scratch;

    /** Of the last run: the logits are in it. */
    private TensorMemory run = new TensorMemory();

    private OnnxWindowModel(WindowDimensions dimensions, int rows, NextTokenGraphs graphs) {
        this.dimensions = dimensions;
        this.network = sequences(dimensions.network());
        this.rows = rows;
        int slots = slots(dimensions.network());
        this.graphs = graphs;
        this.readers = readers(dimensions.network());
        this.resident = graphs.transformer().residentMemory();
        this.cache = new KeyValueCache(resident, network, rows, slots);
        this.scratch = new KeyValueCache(resident, network, readers, slots);
    }

    /**
     * @param rows of the cache: one for each image in flight, and others for windows that stay until a later row
     * @throws dev.tessera.inference.onnx.OnnxException when a graph is not what the manifest says
     */
    public static OnnxWindowModel open(ModelBundle bundle, int rows, GraphOptions options) {
        var dimensions = WindowDimensions.of(bundle.manifest());
        return new OnnxWindowModel(
                dimensions, rows, NextTokenGraphs.open(bundle, sequences(dimensions.network()), options));
    }

    /** Of the cache's keys and values. */
    public static long bytesPerRow(WindowedTransformer network) {
        return 2L * network.layers() * network.heads() * network.headSize() * slots(network) * Float.BYTES;
    }

    /** A processor gains something by several sequences only where the network is small. */
    private static int readers(WindowedTransformer network) {
        return (int) Math.clamp(READING_MEMORY / bytesPerRow(network), 1, MOST_READERS);
    }

    private static int slots(WindowedTransformer network) {
        return Math.ceilDiv(network.positions(), SLOT_BLOCK) * SLOT_BLOCK;
    }

    /** The graphs are those of a next-token network, whose image is the window. */
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
    public FloatBuffer extend(int firstRow, List<SequencePart> parts) {
        return run(cache, firstRow, parts);
    }

    @Override
    public FloatBuffer read(List<SequencePart> sequences) {
        return run(scratch, 0, sequences);
    }

    @Override
    public FloatBuffer readOther(SequencePart rest) {
        return run(scratch, 0, List.of(rest));
    }

    private FloatBuffer run(KeyValueCache remembered, int firstRow, List<SequencePart> parts) {
        renewRun();
        Map<String, Tensor> inputs = inputs(parts);
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        remembered.bind(run, firstRow, firstRow + parts.size(), inputs, outputs);
        Tensor logits = run.float32(parts.size(), dimensions.vocabulary());
        outputs.put("logits", logits);
        graphs.transformer().run(inputs, outputs);
        return logits.floats();
    }

    private void renewRun() {
        run.close();
        run = new TensorMemory();
    }

    private Map<String, Tensor> inputs(List<SequencePart> parts) {
        int count = parts.size();
        int length = parts.getFirst().length();
        Tensor ids = run.int64(count, length);
        Tensor positions = run.int64(count, length);
        Tensor last = run.int64(count);
        Tensor seqlens = run.int32(count);
        Tensor longest = run.int32(1);
        for (int i = 0; i < count; i++) {
            write(parts.get(i), i * length, ids.longs(), positions.longs());
            last.longs().put(i, (i + 1L) * length - 1);
            seqlens.ints().put(i, parts.get(i).end() - 1);
        }
        longest.ints().put(0, parts.stream().mapToInt(SequencePart::end).max().orElseThrow());
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("embeddings", embeddings(ids, count, length));
        inputs.put("seqlens_k", seqlens);
        inputs.put("total_length", longest);
        inputs.put("position_ids", positions);
        inputs.put("last", last);
        return inputs;
    }

    private static void write(SequencePart part, int at, LongBuffer ids, LongBuffer positions) {
        for (int place = 0; place < part.length(); place++) {
            ids.put(at + place, part.id(place));
            positions.put(at + place, (long) part.first() + place);
        }
    }

    private Tensor embeddings(Tensor ids, int count, int length) {
        Tensor embeddings = run.float32(count, length, network.width());
        graphs.embedding().run(Map.of("ids", ids), Map.of("embeddings", embeddings));
        return embeddings;
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
