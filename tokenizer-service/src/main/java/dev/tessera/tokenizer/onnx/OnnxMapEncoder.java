package dev.tessera.tokenizer.onnx;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import com.google.protobuf.ByteString;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleFiles;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import dev.tessera.tokenizer.MapEncoder;
import dev.tessera.tokenizer.TokenizerException;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.ConditionSource;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A bundle's encoder of condition maps: labels one channel each, depths as numbers of -1 to 1 into its graph. */
public final class OnnxMapEncoder implements MapEncoder, AutoCloseable {
    private static final Dimension ONE = fixed(1);

    private final OnnxGraph graph;
    private final BundleManifest manifest;
    private final MapConditioning conditioning;

    private OnnxMapEncoder(OnnxGraph graph, BundleManifest manifest, MapConditioning conditioning) {
        this.graph = graph;
        this.manifest = manifest;
        this.conditioning = conditioning;
    }

    /**
     * Opens the encoder of a bundle that is conditioned on maps.
     *
     * @throws dev.tessera.inference.onnx.OnnxException when the graph is not one of that many channels
     */
    public static OnnxMapEncoder open(ModelBundle bundle, MapConditioning conditioning, GraphOptions options) {
        Port pixels = Port.float32("pixels", ONE, fixed(conditioning.channels()), free("height"), free("width"));
        Port tokens = Port.int64("tokens", ONE, free("rows"), free("columns"));
        var signature = new GraphSignature(List.of(pixels), List.of(tokens));
        OnnxGraph graph = OnnxGraph.open(bundle.file(BundleFiles.CONDITION_ENCODER), signature, options);
        return new OnnxMapEncoder(graph, bundle.manifest(), conditioning);
    }

    @Override
    public TokenGrid encode(ConditionSource map) {
        Grid grid = grid(map);
        try (TensorMemory memory = new TensorMemory()) {
            Tensor pixels = memory.float32(1, conditioning.channels(), map.getHeight(), map.getWidth());
            fill(pixels.floats(), map.getValues());
            Tensor tokens = memory.int64(1, grid.rows(), grid.columns());
            graph.run(Map.of("pixels", pixels), Map.of("tokens", tokens));
            int[] ids = IntStream.range(0, tokens.elements())
                    .map(i -> Math.toIntExact(tokens.longs().get(i)))
                    .toArray();
            return new TokenGrid(grid.rows(), grid.columns(), conditioning.codes(), ids);
        }
    }

    /** Of a picture of the map's size. */
    private Grid grid(ConditionSource map) {
        boolean positive = map.getWidth() > 0 && map.getHeight() > 0;
        if (!positive || map.getValues().size() != (long) map.getWidth() * map.getHeight()) {
            throw malformed("does not fill its " + map.getWidth() + " x " + map.getHeight() + " pixels");
        }
        return manifest.gridOf(new ImageSize(map.getWidth(), map.getHeight()))
                .orElseThrow(() -> malformed("is of " + map.getWidth() + " x " + map.getHeight()
                        + " pixels, which is no size of " + manifest.name()));
    }

    private void fill(FloatBuffer pixels, ByteString values) {
        switch (conditioning.map()) {
            case SEGMENTATION -> {
                for (int i = 0; i < values.size(); i++) {
                    pixels.put(label(values, i) * values.size() + i, 1);
                }
            }
            case DEPTH -> {
                for (int i = 0; i < values.size(); i++) {
                    pixels.put(i, Byte.toUnsignedInt(values.byteAt(i)) / 127.5f - 1);
                }
            }
        }
    }

    private int label(ByteString values, int pixel) {
        int label = Byte.toUnsignedInt(values.byteAt(pixel));
        if (label >= conditioning.channels()) {
            throw malformed("has the label " + label + ", and the model knows 0 to " + (conditioning.channels() - 1));
        }
        return label;
    }

    private static TokenizerException malformed(String what) {
        return new TokenizerException(Reason.MALFORMED_PICTURE, "the map " + what);
    }

    @Override
    public void close() {
        graph.close();
    }
}
