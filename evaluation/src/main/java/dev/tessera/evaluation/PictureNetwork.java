package dev.tessera.evaluation;

import static dev.tessera.inference.onnx.Dimension.fixed;
import static dev.tessera.inference.onnx.Dimension.free;

import dev.tessera.evaluation.EvaluationException.Reason;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxException;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;

/**
 * A network of the user's that makes vectors of pictures, as an ONNX graph: from {@code pictures}, float [1, 3, height, width] with RGB from 0
 * to 255, to outputs [1, width] of the names and widths that are asked for. Resizing and normalising are the graph's own, since
 * figures can only be compared where they were done alike. For one thread.
 */
public final class PictureNetwork implements AutoCloseable {
    private static final int CHANNELS = 3;

    private final OnnxGraph graph;
    private final Map<String, Integer> outputs;

    private PictureNetwork(OnnxGraph graph, Map<String, Integer> outputs) {
        this.graph = graph;
        this.outputs = Map.copyOf(outputs);
    }

    /**
     * @param outputs the width of each
     * @throws OnnxException when it is no such graph
     */
    public static PictureNetwork open(Path file, Map<String, Integer> outputs) {
        List<Port> ports = outputs.entrySet().stream()
                .map(output -> Port.float32(output.getKey(), fixed(1), fixed(output.getValue())))
                .toList();
        var signature = new GraphSignature(
                List.of(Port.float32("pictures", fixed(1), fixed(CHANNELS), free("height"), free("width"))), ports);
        return new PictureNetwork(OnnxGraph.open(file, signature, GraphOptions.defaults()), outputs);
    }

    /**
     * The vectors of all pictures, in order, by output.
     *
     * @param done is told how many are done after each
     * @throws EvaluationException when a file is no picture; the message names it
     */
    public Map<String, Features> of(List<Path> pictures, IntConsumer done) {
        Map<String, List<float[]>> vectors = new HashMap<>();
        for (Path picture : pictures) {
            run(read(picture)).forEach((output, vector) -> vectors.computeIfAbsent(output, name -> new ArrayList<>())
                    .add(vector));
            done.accept(vectors.values().iterator().next().size());
        }
        return outputs.keySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        output -> output, output -> Features.of(vectors.getOrDefault(output, List.of()))));
    }

    private Map<String, float[]> run(BufferedImage picture) {
        try (TensorMemory memory = new TensorMemory()) {
            Tensor pixels = memory.float32(1, CHANNELS, picture.getHeight(), picture.getWidth());
            fill(pixels.floats(), picture);
            Map<String, Tensor> results = new HashMap<>();
            outputs.forEach((output, width) -> results.put(output, memory.float32(1, width)));
            graph.run(Map.of("pictures", pixels), results);
            return results.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, result -> vector(result.getValue())));
        }
    }

    private static void fill(FloatBuffer pixels, BufferedImage picture) {
        int count = picture.getWidth() * picture.getHeight();
        int[] colours = picture.getRGB(0, 0, picture.getWidth(), picture.getHeight(), null, 0, picture.getWidth());
        for (int i = 0; i < count; i++) {
            pixels.put(i, colours[i] >> 16 & 0xFF);
            pixels.put(count + i, colours[i] >> 8 & 0xFF);
            pixels.put(2 * count + i, colours[i] & 0xFF);
        }
    }

    private static float[] vector(Tensor tensor) {
        float[] vector = new float[tensor.elements()];
        tensor.floats().get(0, vector);
        return vector;
    }

    private static BufferedImage read(Path file) {
        try {
            BufferedImage picture = ImageIO.read(file.toFile());
            if (picture == null) {
                throw new EvaluationException(Reason.PICTURE_UNREADABLE, file + " is no picture that can be read");
            }
            return picture;
        } catch (IOException e) {
            throw new EvaluationException(Reason.PICTURE_UNREADABLE, file + " cannot be read as a picture", e);
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}
