package dev.tessera.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.PartialImage;
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
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MapKind;
import dev.tessera.inference.bundle.NoConditioning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WindowBatchTest {
    private static final SamplingParameters DRAWN = new SamplingParameters(1, 1, 0, 1);
    private static final Conditioning CLASSES = new ClassConditioning(10);
    private static final Conditioning MAP = new MapConditioning(MapKind.DEPTH, 1, 16);
    private static final int PIXELS = 2;

    private static GenerationRequest request(Condition condition, int rows, int columns, long seed) {
        return new GenerationRequest(
                condition,
                new Condition.None(),
                DRAWN,
                new ImageRandom(seed, 0),
                new Steps.ModelsOwn(),
                new Canvas.Blank(),
                columns * PIXELS,
                rows * PIXELS);
    }

    private static GenerationRequest edit(Condition condition, Canvas canvas, int rows, int columns, long seed) {
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
    private static TokenGrid picture(int rows, int columns, long seed) {
        int[] ids = new Random(seed)
                .ints((long) rows * columns, 0, FakeWindowModel.VOCABULARY)
                .toArray();
        return new TokenGrid(rows, columns, FakeWindowModel.VOCABULARY, ids);
    }

    /** All but the cells from a row and column on, so many of them. */
    private static CellMask region(int rows, int columns, int row, int column, int height, int width) {
        byte[] redrawn = new byte[rows * columns];
        for (int i = row; i < row + height; i++) {
            for (int j = column; j < column + width; j++) {
                redrawn[i * columns + j] = 1;
            }
        }
        return new CellMask(rows, columns, redrawn);
    }

    private static CellMask scattered(int rows, int columns, long seed) {
        byte[] redrawn = new byte[rows * columns];
        var random = new Random(seed);
        for (int i = 0; i < redrawn.length; i++) {
            redrawn[i] = (byte) (random.nextInt(3) == 0 ? 1 : 0);
        }
        return new CellMask(rows, columns, redrawn);
    }

    private static Condition map(int rows, int columns, long seed) {
        return new Condition.OfMap(new TokenGrid(
                rows,
                columns,
                16,
                new Random(seed).ints((long) rows * columns, 0, 16).toArray()));
    }

    /** The published way: a window for each cell from its beginning, cell after cell, and nothing remembered. */
    private static TokenGrid plainly(Conditioning conditioning, GenerationRequest request, int rows, int columns) {
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
                    model.read(List.of(part)),
                    0,
                    request.sampling(),
                    request.random().uniform(Purpose.TOKEN, cell, 0));
        }
        return new TokenGrid(rows, columns, FakeWindowModel.VOCABULARY, tokens);
    }

    private static TokenGrid drawn(FakeWindowModel model, WindowImage image) {
        var batch = new WindowBatch(model);
        batch.join(image);
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }
        return tokens(image);
    }

    private static TokenGrid tokens(WindowImage image) {
        return ((GenerationOutcome.Completed) image.progress().outcome().join()).tokens();
    }

    private static WindowImage image(FakeWindowModel model, GenerationRequest request) {
        return new WindowImage(request, Requests.NOBODY, model.dimensions());
    }

    @ParameterizedTest
    @CsvSource({"4,4,1", "4,9,1", "9,4,2", "7,11,1", "7,11,2", "7,11,40", "12,13,3", "5,4,1", "20,20,9"})
    void shouldDrawTheSameTokensAsTheRasterOrderHoweverMuchItRemembers(int rows, int columns, int room) {
        for (Conditioning conditioning : List.of(CLASSES, MAP)) {
            // Given
            Condition condition = conditioning.equals(MAP) ? map(rows, columns, 3) : new Condition.OfClass(7);
            GenerationRequest request = request(condition, rows, columns, 5);
            var model = new FakeWindowModel(room, conditioning);
            var raster = new WindowImage(
                    request,
                    Requests.NOBODY,
                    model.dimensions(),
                    WindowRule.raster(rows, columns, FakeWindowModel.WINDOW));

            // When
            TokenGrid inWaves = drawn(model, image(model, request));
            TokenGrid inRows = drawn(new FakeWindowModel(room, conditioning), raster);

            // Then
            assertThat(inWaves).isEqualTo(inRows).isEqualTo(plainly(conditioning, request, rows, columns));
        }
    }

    @ParameterizedTest
    @CsvSource({"4,4,1", "4,9,1", "9,4,2", "7,11,1", "7,11,2", "7,11,40", "12,13,3", "20,20,9"})
    void shouldDrawWhatAMaskOpensAsTheRasterOrderDoes(int rows, int columns, int room) {
        for (Conditioning conditioning : List.of(CLASSES, MAP)) {
            for (CellMask mask : List.of(
                    region(rows, columns, 1, 1, 3, 2),
                    region(rows, columns, rows - 1, columns - 1, 1, 1),
                    region(rows, columns, 0, columns / 2, rows, columns - columns / 2),
                    scattered(rows, columns, 8))) {
                // Given
                Condition condition = conditioning.equals(MAP) ? map(rows, columns, 3) : new Condition.OfClass(7);
                TokenGrid picture = picture(rows, columns, 4);
                GenerationRequest request = edit(condition, new Canvas.Masked(picture, mask), rows, columns, 5);
                var model = new FakeWindowModel(room, conditioning);
                var raster = new WindowImage(
                        request,
                        Requests.NOBODY,
                        model.dimensions(),
                        WindowRule.raster(rows, columns, FakeWindowModel.WINDOW));

                // When
                TokenGrid inWaves = drawn(model, image(model, request));
                TokenGrid inRows = drawn(new FakeWindowModel(room, conditioning), raster);

                // Then
                assertThat(inWaves).isEqualTo(inRows).isEqualTo(plainly(conditioning, request, rows, columns));
                for (int cell = 0; cell < picture.size(); cell++) {
                    if (!mask.isRedrawn(cell)) {
                        assertThat(inWaves.id(cell)).isEqualTo(picture.id(cell));
                    }
                }
            }
        }
    }

    @Test
    void shouldFeedKeptTokensAndRunForThoseAloneThatAreDrawn() {
        // Given: two cells of the window's last row
        var model = new FakeWindowModel(1, CLASSES);
        var canvas = new Canvas.Masked(picture(4, 4, 1), region(4, 4, 3, 1, 1, 2));

        // When
        drawn(model, image(model, edit(new Condition.OfClass(1), canvas, 4, 4, 1)));

        // Then: the class and thirteen tokens at once, then the token that was drawn
        assertThat(model.fed).isEqualTo(15);
        assertThat(model.runs).containsExactly(1, 1);
    }

    @Test
    void shouldNotLetOthersWaitForStepsInWhichNothingIsDrawn() {
        // Given: one cell of a picture of many steps, and an image of sixteen
        var model = new FakeWindowModel(4, CLASSES);
        var canvas = new Canvas.Masked(picture(12, 12, 1), region(12, 12, 11, 3, 1, 1));
        WindowImage edited = image(model, edit(new Condition.OfClass(1), canvas, 12, 12, 1));
        var batch = new WindowBatch(model);
        batch.join(edited);

        // When
        batch.step();
        batch.step();

        // Then
        assertThat(tokens(edited).id(0)).isEqualTo(canvas.tokens().id(0));
        assertThat(model.runs).hasSize(1);
    }

    @Test
    void shouldDrawTheLastTokensAnewByStrength() {
        // Given
        var model = new FakeWindowModel(9, CLASSES);
        TokenGrid picture = picture(7, 11, 2);
        GenerationRequest varied = edit(new Condition.OfClass(1), new Canvas.Varied(picture, 0.25f), 7, 11, 3);

        // When
        TokenGrid tokens = drawn(model, image(model, varied));

        // Then: a quarter of 77 tokens
        assertThat(Arrays.copyOf(tokens.ids(), 58)).isEqualTo(Arrays.copyOf(picture.ids(), 58));
        assertThat(tokens).isNotEqualTo(picture);
    }

    @Test
    void shouldGoOnWithAnEditThatWasLeftUnfinished() {
        // Given: the first steps of it
        var model = new FakeWindowModel(3, CLASSES);
        var canvas = new Canvas.Masked(picture(7, 11, 2), scattered(7, 11, 3));
        GenerationRequest request = edit(new Condition.OfClass(1), canvas, 7, 11, 3);
        WindowImage left = image(model, request);
        var batch = new WindowBatch(model);
        batch.join(left);
        for (int step = 0; step < 6; step++) {
            batch.step();
        }
        PartialImage partial = left.partial();

        // When
        var other = new FakeWindowModel(2, CLASSES);
        TokenGrid tokens = drawn(other, image(other, request.after(partial)));

        // Then
        assertThat(partial.drawn()).isBetween(6, 76);
        assertThat(tokens).isEqualTo(plainly(CLASSES, request, 7, 11));
    }

    @Test
    void shouldFeedEachTokenOfAGridOfTheWindowsSizeOnce() {
        // Given
        var model = new FakeWindowModel(1, CLASSES);

        // When
        drawn(model, image(model, request(new Condition.OfClass(1), 4, 4, 1)));

        // Then: the class and all tokens but the last
        assertThat(model.fed).isEqualTo(16);
        assertThat(model.runs).hasSize(16).containsOnly(1);
    }

    @Test
    void shouldReadLessTheMoreItRemembers() {
        // Given
        GenerationRequest request = request(map(12, 14, 1), 12, 14, 1);
        long[] fed = IntStream.of(1, 2, 40)
                .mapToLong(room -> {
                    var model = new FakeWindowModel(room, MAP);
                    drawn(model, image(model, request));
                    return model.fed;
                })
                .toArray();

        // Then: of a window that stands still across rows, four tokens are new at each
        assertThat(fed[1]).isLessThan(fed[0]);
        assertThat(fed[2]).isLessThan(fed[1] * 9 / 10);
    }

    @Test
    void shouldRunRowsThatAreAWindowApartTogether() {
        // Given
        var model = new FakeWindowModel(2, CLASSES);

        // When
        drawn(model, image(model, request(new Condition.OfClass(1), 12, 20, 1)));

        // Then: fewer runs than cells, and several windows in one of them
        assertThat(model.runs.size()).isLessThan(12 * 20);
        assertThat(model.runs).contains(-3);
    }

    @Test
    void shouldMakeTheSameImagesTogetherAsAlone() {
        // Given
        List<Grid> grids = List.of(
                new Grid(4, 4), new Grid(4, 4), new Grid(7, 11), new Grid(4, 4), new Grid(9, 4), new Grid(4, 4));
        var model = new FakeWindowModel(7, CLASSES);
        List<GenerationRequest> requests = IntStream.range(0, grids.size())
                .mapToObj(i -> request(
                        new Condition.OfClass(i),
                        grids.get(i).rows(),
                        grids.get(i).columns(),
                        i))
                .toList();
        List<WindowImage> images =
                requests.stream().map(request -> image(model, request)).toList();
        var batch = new WindowBatch(model);

        // When: they join three steps after each other, and leave when they are done
        for (WindowImage image : images) {
            batch.join(image);
            for (int step = 0; step < 3; step++) {
                batch.step();
                batch.removeEnded();
            }
        }
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }

        // Then
        for (int i = 0; i < images.size(); i++) {
            assertThat(tokens(images.get(i)))
                    .isEqualTo(plainly(
                            CLASSES,
                            requests.get(i),
                            grids.get(i).rows(),
                            grids.get(i).columns()));
        }
        assertThat(model.runs).anyMatch(sequences -> sequences > 2);
    }

    @Test
    void shouldReadTheMapOnceForTheImagesOfAJob() {
        // Given: three images of one map and one of another, in step
        List<GenerationRequest> requests = List.of(
                request(map(9, 12, 1), 9, 12, 1),
                request(map(9, 12, 2), 9, 12, 2),
                request(map(9, 12, 1), 9, 12, 3),
                request(map(9, 12, 1), 9, 12, 4));
        long alone = 0;
        for (GenerationRequest request : requests) {
            var model = new FakeWindowModel(2, MAP);
            drawn(model, image(model, request));
            alone += model.fed;
        }
        var model = new FakeWindowModel(8, MAP);
        List<WindowImage> images =
                requests.stream().map(request -> image(model, request)).toList();
        var batch = new WindowBatch(model);
        images.forEach(batch::join);

        // When
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }

        // Then
        for (int i = 0; i < images.size(); i++) {
            assertThat(tokens(images.get(i))).isEqualTo(plainly(MAP, requests.get(i), 9, 12));
        }
        assertThat(model.fed).isLessThan(alone * 9 / 10);
    }

    @Test
    void shouldGoOnUnchangedWhenAnotherIsStopped() {
        // Given
        var model = new FakeWindowModel(2, CLASSES);
        GenerationRequest wanted = request(new Condition.OfClass(2), 7, 11, 2);
        WindowImage staying = image(model, wanted);
        WindowImage leaving =
                new WindowImage(request(new Condition.OfClass(1), 4, 4, 1), new StopsAfter(5), model.dimensions());
        var batch = new WindowBatch(model);
        batch.join(leaving);
        batch.join(staying);

        // When
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }

        // Then
        assertThat(leaving.progress().outcome().join()).isEqualTo(new GenerationOutcome.Stopped(5));
        assertThat(tokens(staying)).isEqualTo(plainly(CLASSES, wanted, 7, 11));
    }

    @Test
    void shouldBeginAfreshAfterARunThatFailed() {
        // Given
        var model = new FakeWindowModel(3, CLASSES);
        GenerationRequest request = request(new Condition.OfClass(2), 7, 11, 2);
        var batch = new WindowBatch(model);
        batch.join(image(model, request));
        batch.step();
        model.failingRuns = 1;
        assertThatThrownBy(batch::step).isInstanceOf(IllegalStateException.class);

        // When
        List<WindowImage> failed = batch.clear();

        // Then
        assertThat(failed).hasSize(1);
        assertThat(batch.isEmpty()).isTrue();
        assertThat(drawn(model, image(model, request))).isEqualTo(plainly(CLASSES, request, 7, 11));
    }

    @Test
    void shouldFeedTheStartTokenToAModelOfNoCondition() {
        // Given
        var model = new FakeWindowModel(1, new NoConditioning());
        GenerationRequest request = request(new Condition.None(), 4, 6, 9);

        // When, Then
        assertThat(drawn(model, image(model, request))).isEqualTo(plainly(new NoConditioning(), request, 4, 6));
    }

    @Test
    void shouldDrawTheModelsOwnSizeWhenNoneIsAsked() {
        // Given
        var model = new FakeWindowModel(1, CLASSES);
        GenerationRequest request = Requests.ofClass(3, DRAWN, 4);

        // When
        TokenGrid tokens = drawn(model, image(model, request));

        // Then
        assertThat(tokens.rows()).isEqualTo(4);
        assertThat(tokens.columns()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 101})
    void shouldRefuseSizesThatItDoesNotMake(int columns) {
        // Given
        var model = new FakeWindowModel(1, CLASSES);
        GenerationRequest request = request(new Condition.OfClass(1), 4, columns, 1);

        // When, Then: less than a window, and more than 400 tokens
        refused(model, request, Reason.INVALID_REQUEST, "size");
    }

    @Test
    void shouldRefuseWhatIsNotOfItsKind() {
        var classes = new FakeWindowModel(1, CLASSES);
        var maps = new FakeWindowModel(1, MAP);
        refused(classes, request(new Condition.OfClass(10), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "0 to 9");
        refused(classes, request(new Condition.None(), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "class");
        refused(maps, request(new Condition.OfClass(1), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "map of 4 x 4");
        refused(maps, request(map(4, 5, 1), 4, 4, 1), Reason.CONDITIONING_MISMATCH, "map of 4 x 4");
        var guided = new GenerationRequest(
                new Condition.OfClass(1), new Condition.None(), Requests.GUIDED, new ImageRandom(1, 0));
        refused(classes, guided, Reason.INVALID_REQUEST, "guidance_scale");
        var edited = new GenerationRequest(
                new Condition.OfClass(1),
                new Condition.None(),
                DRAWN,
                new ImageRandom(1, 0),
                new Canvas.Varied(new TokenGrid(4, 5, 32, new int[20]), 0.5f));
        refused(classes, edited, Reason.INVALID_REQUEST, "to edit is not of this model's grid");
    }

    private static void refused(FakeWindowModel model, GenerationRequest request, Reason reason, String message) {
        assertThatThrownBy(() -> image(model, request))
                .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                        .isEqualTo(reason.key()))
                .hasMessageContaining(message);
    }

    @Test
    void shouldShareTheTimeOfAStepByWhatWasRead() {
        // Given: a clock that goes on by a second whenever it is asked
        var model = new FakeWindowModel(4, CLASSES);
        long[] now = {0};
        var batch = new WindowBatch(model, () -> now[0] += 1_000_000_000L);
        WindowImage one = image(model, request(new Condition.OfClass(1), 4, 4, 1));
        WindowImage other = image(model, request(new Condition.OfClass(2), 4, 4, 2));
        batch.join(one);
        batch.join(other);

        // When
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }

        // Then: sixteen steps of a second
        for (WindowImage image : List.of(one, other)) {
            var done = (GenerationOutcome.Completed) image.progress().outcome().join();
            assertThat(done.engineTime().toSeconds()).isEqualTo(8);
        }
    }

    private record StopsAfter(int[] tokens, int limit) implements GenerationObserver {
        StopsAfter(int limit) {
            this(new int[1], limit);
        }

        @Override
        public void progressed(int tokensDone, int tokensTotal) {
            tokens[0] = tokensDone;
        }

        @Override
        public boolean stopRequested() {
            return tokens[0] >= limit;
        }
    }
}
