package dev.tessera.generator;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.generation.Steps;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Images of the fake model, of any size, and what they should become. */
final class WindowImages {
    static final SamplingParameters DRAWN = new SamplingParameters(1, 1, 0, 1);
    static final Conditioning CLASSES = new ClassConditioning(10);
    static final Conditioning MAP = new MapConditioning(MapKind.DEPTH, 1, 16);
    private static final int PIXELS = 2;

    private WindowImages() {}

    static GenerationRequest request(Condition condition, int rows, int columns, long seed) {
        return edit(condition, new Canvas.Blank(), rows, columns, seed);
    }

    static GenerationRequest edit(Condition condition, Canvas canvas, int rows, int columns, long seed) {
        return new GenerationRequest(
                condition,
                new Condition.None(),
                DRAWN,
                new ImageRandom(seed, 0),
                new Steps.ModelsOwn(),
                canvas,
                columns * PIXELS,
                rows * PIXELS);
    }

    /** A picture of random tokens. */
    static TokenGrid picture(int rows, int columns, long seed) {
        int[] ids = new Random(seed)
                .ints((long) rows * columns, 0, FakeWindowModel.VOCABULARY)
                .toArray();
        return new TokenGrid(rows, columns, FakeWindowModel.VOCABULARY, ids);
    }

    static Condition map(int rows, int columns, long seed) {
        return new Condition.OfMap(new TokenGrid(
                rows,
                columns,
                16,
                new Random(seed).ints((long) rows * columns, 0, 16).toArray()));
    }

    /** One cell after the other, in raster order, on whatever the model remembers. */
    static TokenGrid drawnInRows(FakeWindowModel model, GenerationRequest request, int rows, int columns) {
        var rule = WindowRule.raster(rows, columns, FakeWindowModel.WINDOW);
        return drawn(model, new WindowImage(request, Requests.NOBODY, model.dimensions(), rule));
    }

    /** The published way: a window for each cell from its beginning, cell after cell, and nothing remembered. */
    static TokenGrid plainly(Conditioning conditioning, GenerationRequest request, int rows, int columns) {
        var model = new FakeWindowModel(1, conditioning);
        var sampler = new TokenSampler(FakeWindowModel.VOCABULARY);
        int[] tokens = new int[rows * columns];
        int side = FakeWindowModel.WINDOW;
        for (int cell = 0; cell < tokens.length; cell++) {
            if (request.canvas() instanceof Canvas.Masked(TokenGrid known, CellMask redrawn)
                    && !redrawn.isRedrawn(cell)) {
                tokens[cell] = known.id(cell);
                continue;
            }
            int top = Math.clamp(cell / columns - side / 2, 0, rows - side);
            int left = Math.clamp(cell % columns - side / 2, 0, columns - side);
            List<Integer> sequence = new ArrayList<>();
            switch (request.condition()) {
                case Condition.OfClass one -> sequence.add(one.classId());
                case Condition.OfMap(TokenGrid map) ->
                    IntStream.range(0, side * side)
                            .forEach(i -> sequence.add(map.id((top + i / side) * columns + left + i % side)));
                default -> sequence.add(0);
            }
            int before = (cell / columns - top) * side + cell % columns - left;
            for (int i = 0; i < before; i++) {
                sequence.add(tokens[(top + i / side) * columns + left + i % side]);
            }
            var part = new SequencePart(
                    0, sequence.stream().mapToInt(Integer::intValue).toArray());
            tokens[cell] = sampler.draw(
                    model.run(0, List.of(), List.of(part)),
                    0,
                    request.sampling(),
                    request.random().uniform(Purpose.TOKEN, cell, 0));
        }
        return new TokenGrid(rows, columns, FakeWindowModel.VOCABULARY, tokens);
    }

    static TokenGrid drawn(FakeWindowModel model, WindowImage image) {
        var batch = new WindowBatch(model);
        batch.join(image);
        finish(batch);
        return tokens(image);
    }

    static void finish(WindowBatch batch) {
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }
    }

    static TokenGrid tokens(WindowImage image) {
        return ((GenerationOutcome.Completed) image.progress().outcome().join()).tokens();
    }

    static WindowImage image(FakeWindowModel model, GenerationRequest request) {
        return new WindowImage(request, Requests.NOBODY, model.dimensions());
    }
}
