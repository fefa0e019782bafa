package dev.tessera.benchmarks;

import dev.tessera.generation.Condition;
import dev.tessera.generation.TextStates;
import dev.tessera.generation.masked.MaskedDimensions;
import dev.tessera.generation.masked.onnx.OnnxMaskedModel;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/** Masked networks whose rows have begun, for benchmarks of one forward. */
final class MaskedForward {
    private static final int THREADS = 2;
    private static final int COMPARED_ROWS = 2;

    /** One cell in so many is open when logits are compared. */
    private static final int OPEN = 3;

    private MaskedForward() {}

    static OnnxMaskedModel open(ModelBundle bundle, int rows) {
        var model = OnnxMaskedModel.open(bundle, rows, options());
        for (int row = 0; row < rows; row++) {
            model.begin(row, new Condition.OfText(text(model.dimensions(), row)));
        }
        return model;
    }

    static OnnxMaskedModel openSuperResolution(ModelBundle bundle, int rows) {
        var model = OnnxMaskedModel.openSuperResolution(bundle, rows, options());
        for (int row = 0; row < rows; row++) {
            model.begin(row, baseGrid(model.dimensions(), row));
        }
        return model;
    }

    private static GraphOptions options() {
        return new GraphOptions(THREADS, true, GraphOptions.Optimisation.ALL);
    }

    /** Grids with nothing in them. */
    static int[] masked(MaskedDimensions dimensions, int rows) {
        int[] tokens = new int[rows * dimensions.cells()];
        Arrays.fill(tokens, dimensions.maskToken());
        return tokens;
    }

    /** Logits of the open cells of two half-drawn grids. */
    static LogitDistance distance(
            ModelBundle floats, ModelBundle bytes, BiFunction<ModelBundle, Integer, OnnxMaskedModel> opened) {
        try (var exact = opened.apply(floats, COMPARED_ROWS);
                var rounded = opened.apply(bytes, COMPARED_ROWS)) {
            MaskedDimensions dimensions = exact.dimensions();
            int[] tokens = masked(dimensions, COMPARED_ROWS);
            var random = new Random(1);
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = i % OPEN == 0 ? tokens[i] : random.nextInt(dimensions.vocabulary());
            }
            int[] wanted =
                    IntStream.range(0, tokens.length).filter(i -> i % OPEN == 0).toArray();
            var distance = new LogitDistance(dimensions.vocabulary());
            distance.add(wanted.length, exact.advance(tokens, wanted), rounded.advance(tokens, wanted));
            return distance;
        }
    }

    /** What a text says does not change what it costs, but no row may take another's. */
    private static TextStates text(MaskedDimensions dimensions, int row) {
        int texts = dimensions.text().maxTokens();
        int width = dimensions.text().width();
        ByteBuffer states = ByteBuffer.allocate(texts * width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        states.putFloat(0, row);
        return TextStates.fromFloats(
                texts, width, states, ByteBuffer.allocate(dimensions.text().pooledWidth() * Float.BYTES));
    }

    static Condition.OfBaseGrid baseGrid(MaskedDimensions dimensions, int row) {
        var base = dimensions.base().orElseThrow();
        int[] ids =
                new Random(row).ints(base.grid().tokens(), 0, base.vocabulary()).toArray();
        return new Condition.OfBaseGrid(
                text(dimensions, 0),
                new TokenGrid(base.grid().rows(), base.grid().columns(), base.vocabulary(), ids));
    }
}
