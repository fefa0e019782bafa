package dev.tessera.importer.convolution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.importer.checkpoint.ElementType;
import dev.tessera.importer.checkpoint.StateDict;
import dev.tessera.importer.checkpoint.Tensor;
import dev.tessera.importer.graph.DataType;
import dev.tessera.importer.graph.OnnxFile;
import dev.tessera.importer.graph.OnnxModel;
import dev.tessera.importer.graph.WeightStorage;
import dev.tessera.inference.onnx.Dimension;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.GraphSignature;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Port;
import dev.tessera.inference.onnx.TensorMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvolutionLayersTest {
    private static final int GROUPS = 32;
    private static final int NO_CONVOLUTION = Integer.MAX_VALUE;

    /** The second is worked out in two chunks. */
    @ParameterizedTest
    @CsvSource({"16, 24, FP32", "68, 64, FP16"})
    void shouldFindTheSamePixelsWithFewerProducts(int height, int width, WeightStorage storage, @TempDir Path directory)
            throws IOException {
        // Given
        var in = new FeatureMap("in", 96, height, width);
        StateDict weights = weights(96, 128);
        Path direct = decoder(directory.resolve("direct.onnx"), weights, in, storage, NO_CONVOLUTION);
        Path fewer = decoder(directory.resolve("fewer.onnx"), weights, in, storage, ConvolutionLayers.LEAST_CHANNELS);
        float[] values = random(new Random(1), 96 * in.pixels(), 1);

        // When
        float[] expected = pixels(direct, in, values);
        float[] pixels = pixels(fewer, in, values);

        // Then
        assertThat(text(direct)).doesNotContain("winograd");
        assertThat(text(fewer)).contains("winograd");
        assertThat(spread(expected)).isGreaterThan(1);
        for (int i = 0; i < pixels.length; i++) {
            assertThat(pixels[i]).isBetween(expected[i] - 1e-4f, expected[i] + 1e-4f);
        }
    }

    @Test
    void shouldLeaveTheBytesOfANarrowTokenizersGraphAlone(@TempDir Path directory) throws IOException {
        // Given
        var in = new FeatureMap("in", 64, 16, 16);
        StateDict weights = weights(64, 64);
        Files.createDirectories(directory.resolve("direct"));

        // When
        Path direct = decoder(directory.resolve("direct/graph.onnx"), weights, in, WeightStorage.FP32, NO_CONVOLUTION);
        Path usual = decoder(
                directory.resolve("graph.onnx"), weights, in, WeightStorage.FP32, ConvolutionLayers.LEAST_CHANNELS);

        // Then
        assertThat(usual).hasSameBinaryContentAs(direct);
    }

    /** What a decoder does between its latent map and its pixels, and an encoder on the way down. */
    private static Path decoder(Path file, StateDict weights, FeatureMap in, WeightStorage storage, int leastChannels) {
        var graph = new OnnxModel("decoder", storage);
        graph.input(in.value(), DataType.FLOAT, one(), fixed(in.channels()), fixed(in.height()), fixed(in.width()));
        var layers = new ConvolutionLayers(graph, weights, GROUPS, leastChannels);
        var map = layers.residual("narrow", layers.upsample("up", in));
        map = layers.residual("wide", map);
        map = layers.downsample("down", map);
        map = layers.residual("again", map);
        var out = layers.convolution("out", layers.swish("norm", map), 3);
        graph.node("Identity", "pixels", List.of(out.value()));
        graph.output("pixels", DataType.FLOAT, one(), fixed(3), fixed(out.height()), fixed(out.width()));
        OnnxFile.write(graph, file);
        return file;
    }

    private static StateDict weights(int channels, int wide) {
        var random = new Random(0);
        Map<String, Tensor> tensors = new HashMap<>();
        convolution(tensors, random, "up.conv", channels, channels, 3);
        residual(tensors, random, "narrow", channels, wide);
        residual(tensors, random, "wide", wide, wide);
        convolution(tensors, random, "down.conv", wide, wide, 3);
        residual(tensors, random, "again", wide, wide);
        norm(tensors, random, "norm", wide);
        convolution(tensors, random, "out", wide, 3, 3);
        return StateDict.of("random", tensors);
    }

    private static void residual(Map<String, Tensor> tensors, Random random, String name, int in, int out) {
        norm(tensors, random, name + ".norm1", in);
        convolution(tensors, random, name + ".conv1", in, out, 3);
        norm(tensors, random, name + ".norm2", out);
        convolution(tensors, random, name + ".conv2", out, out, 3);
        if (in != out) {
            convolution(tensors, random, name + ".nin_shortcut", in, out, 1);
        }
    }

    private static void convolution(
            Map<String, Tensor> tensors, Random random, String name, int in, int out, int kernel) {
        double deviation = 1 / Math.sqrt((double) in * kernel * kernel);
        put(tensors, name + ".weight", random(random, out * in * kernel * kernel, deviation), out, in, kernel, kernel);
        put(tensors, name + ".bias", random(random, out, 0.1), out);
    }

    /** Of both signs, and with a mean that is not nothing. */
    private static void norm(Map<String, Tensor> tensors, Random random, String name, int channels) {
        put(tensors, name + ".weight", random(random, channels, 1), channels);
        put(tensors, name + ".bias", random(random, channels, 0.5), channels);
    }

    private static float[] random(Random random, int count, double deviation) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        return values;
    }

    private static void put(Map<String, Tensor> tensors, String name, float[] values, long... shape) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Long[] strides = new Long[shape.length];
        long step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            strides[axis] = step;
            step *= shape[axis];
        }
        List<Long> sizes = Arrays.stream(shape).boxed().toList();
        var segment = MemorySegment.ofBuffer(bytes);
        tensors.put(name, Tensor.of(name, ElementType.FLOAT32, sizes, List.of(strides), segment, 0));
    }

    private static float[] pixels(Path file, FeatureMap in, float[] values) {
        var input = Port.float32(in.value(), free(1), free(in.channels()), free(in.height()), free(in.width()));
        var output = Port.float32("pixels", free(1), free(3), free(in.height()), free(in.width()));
        try (var memory = new TensorMemory();
                var graph = OnnxGraph.open(
                        file,
                        new GraphSignature(List.of(input), List.of(output)),
                        GraphOptions.defaults().withThreads(1))) {
            var latent = memory.float32(1, in.channels(), in.height(), in.width());
            latent.floats().put(0, values);
            var pixels = memory.float32(1, 3, in.height(), in.width());
            graph.run(Map.of(in.value(), latent), Map.of("pixels", pixels));
            float[] result = new float[3 * in.pixels()];
            pixels.floats().get(0, result);
            return result;
        }
    }

    private static float spread(float[] values) {
        float most = 0;
        for (float value : values) {
            most = Math.max(most, Math.abs(value));
        }
        return most;
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static dev.tessera.importer.graph.Dimension one() {
        return fixed(1);
    }

    private static dev.tessera.importer.graph.Dimension fixed(int length) {
        return dev.tessera.importer.graph.Dimension.of(length);
    }

    private static Dimension free(int length) {
        return Dimension.fixed(length);
    }
}
