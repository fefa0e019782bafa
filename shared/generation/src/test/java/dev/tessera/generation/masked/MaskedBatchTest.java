package dev.tessera.generation.masked;

import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Requests;
import dev.tessera.generation.Steps;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.Resampling;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedBatchTest {
    private static final int CELLS = FakeMaskedModel.CELLS;
    private static final int CODES = FakeMaskedModel.VOCABULARY;
    private static final int MASK = FakeMaskedModel.MASK;

    private final FakeMaskedModel model = new FakeMaskedModel(8);
    private final MaskedBatch batch = new MaskedBatch(model);

    private static GenerationRequest request(int text, float guidance, int topK, Steps steps, long seed) {
        return new GenerationRequest(
                new Condition.OfText(Requests.pooledStates(2, 3, 1, text)),
                new Condition.OfText(Requests.pooledStates(2, 3, 1, 1000)),
                new SamplingParameters(guidance, 2, topK, 1),
                new ImageRandom(seed, 0),
                steps,
                new Canvas.Blank());
    }

    private static GenerationRequest on(Canvas canvas, GenerationRequest request) {
        return new GenerationRequest(
                request.condition(),
                request.unconditional(),
                request.sampling(),
                request.random(),
                request.steps(),
                canvas);
    }

    /** A picture of the cells' own numbers, of which some cells are open. */
    private static Canvas masked(IntPredicate redrawn) {
        byte[] cells = new byte[CELLS];
        for (int cell = 0; cell < CELLS; cell++) {
            cells[cell] = (byte) (redrawn.test(cell) ? 1 : 0);
        }
        return new Canvas.Masked(picture(), new CellMask(4, 4, cells));
    }

    private static TokenGrid picture() {
        return new TokenGrid(4, 4, CODES, IntStream.range(0, CELLS).toArray());
    }

    private static GenerationRequest request(int text, float guidance, long seed) {
        return request(text, guidance, 0, new Steps.ModelsOwn(), seed);
    }

    private MaskedImage joined(GenerationRequest request, GenerationObserver observer) {
        MaskedImage image = batch.image(request, observer);
        batch.join(image);
        return image;
    }

    private void finish() {
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }
    }

    private static TokenGrid tokens(MaskedImage image) {
        return ((GenerationOutcome.Completed) image.progress().outcome().join()).tokens();
    }

    @Test
    void shouldGoOnWithAnImageThatWasLeftAfterAnyStep() {
        // Given: a blank image, one around kept cells, and one that begins in the middle of the schedule
        var steps = new Steps.Chosen(6, UnmaskingSchedule.COSINE);
        List<Canvas> canvases = List.of(
                new Canvas.Blank(),
                masked(cell -> cell % 3 != 0),
                new Canvas.Varied(picture(), 0.7f),
                new Canvas.Resampled(picture(), new Resampling(0.3f)));
        for (Canvas canvas : canvases) {
            GenerationRequest request = on(canvas, request(3, 4, 0, steps, 5));
            MaskedImage whole = joined(request, NOBODY);
            finish();
            int left = 0;
            MaskedImage image = joined(request, NOBODY);
            while (!image.progress().ended()) {
                PartialImage done = PartialImage.of(image.partial().message());

                // When
                MaskedImage resumed = new MaskedImage(request.after(done), NOBODY, model.dimensions());
                assertThat(resumed.progress().repeats()).isFalse();
                assertThat(resumed.partial()).isEqualTo(done);
                var elsewhere = new MaskedBatch(new FakeMaskedModel(8));
                elsewhere.join(elsewhere.image(request(9, 4, 8), NOBODY));
                elsewhere.join(resumed);
                int runs = 0;
                while (!resumed.progress().ended()) {
                    elsewhere.step();
                    runs++;
                }

                // Then: not one step is made twice
                assertThat(tokens(resumed)).isEqualTo(tokens(whole));
                batch.step();
                left++;
                assertThat(runs).isLessThanOrEqualTo(7 - left);
            }
            batch.removeEnded();
            assertThat(left).isGreaterThan(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "10, 0, 6, COSINE",
        "1, 0, 6, COSINE",
        "4, 1, 6, COSINE",
        "4, 5, 3, LINEAR",
        "4, 0, 1, LINEAR",
        "3, 0, 40, COSINE"
    })
    void shouldUnmaskByTheBook(float guidance, int topK, int steps, UnmaskingSchedule schedule) {
        // Given
        GenerationRequest request = request(3, guidance, topK, new Steps.Chosen(steps, schedule), 5);

        // When
        MaskedImage image = joined(request, NOBODY);
        finish();

        // Then
        assertThat(tokens(image).ids()).isEqualTo(byTheBook(request, blank()));
        assertThat(model.runs).hasSize(steps);
    }

    @Test
    void shouldDrawTheSameWhateverTheSeedWhenOnlyTheLikeliestMayBeDrawn() {
        // When
        MaskedImage first = joined(request(3, 4, 1, new Steps.ModelsOwn(), 5), NOBODY);
        MaskedImage second = joined(request(3, 4, 1, new Steps.ModelsOwn(), 6), NOBODY);
        MaskedImage free = joined(request(3, 4, 0, new Steps.ModelsOwn(), 6), NOBODY);
        finish();

        // Then
        assertThat(tokens(first)).isEqualTo(tokens(second)).isNotEqualTo(tokens(free));
    }

    @Test
    void shouldKeepTheTokensThatTheMaskLetsBe() {
        // Given
        int[] given = blank();
        IntStream.range(0, 10).forEach(cell -> given[cell] = cell);
        GenerationRequest request = request(3, 4, 5);

        // When
        MaskedImage image = joined(on(masked(cell -> cell >= 10), request), NOBODY);
        finish();

        // Then
        assertThat(tokens(image).ids()).isEqualTo(byTheBook(request, given)).startsWith(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(model.runs).hasSize(6);
    }

    @Test
    void shouldDrawNothingWhereNothingIsOpen() {
        // When
        MaskedImage image = joined(on(masked(cell -> false), request(3, 4, 5)), NOBODY);

        // Then
        assertThat(tokens(image)).isEqualTo(picture());
        batch.removeEnded();
        assertThat(batch.isEmpty()).isTrue();
        assertThat(model.runs).isEmpty();
    }

    @Test
    void shouldVaryAPictureInTheLastStepsAlone() {
        // Given: of ten steps the last four, of sixteen cells about 16 · (1 − 0.6) are open
        GenerationRequest request = request(3, 4, 0, new Steps.Chosen(10, UnmaskingSchedule.LINEAR), 5);

        // When
        MaskedImage image = joined(on(new Canvas.Varied(picture(), 0.4f), request), NOBODY);
        int open = image.openCells().length;
        finish();

        // Then
        assertThat(model.runs).hasSize(4);
        assertThat(open).isBetween(2, 12);
        int[] ids = tokens(image).ids();
        assertThat(IntStream.range(0, CELLS).filter(cell -> ids[cell] == cell).count())
                .isBetween((long) CELLS - open, CELLS - 1L);
    }

    @Test
    void shouldResampleOtherCellsInEveryStep() {
        // Given: three of sixteen cells in each of fifty steps
        GenerationRequest request = request(3, 4, 0, new Steps.Chosen(50, UnmaskingSchedule.COSINE), 5);
        List<Integer> seen = new ArrayList<>();
        Set<Set<Integer>> opened = new HashSet<>();

        // When
        MaskedImage image =
                joined(on(new Canvas.Resampled(picture(), new Resampling(0.2f)), request), tells(seen, 150));
        while (!batch.isEmpty()) {
            opened.add(IntStream.of(image.openCells()).boxed().collect(Collectors.toSet()));
            batch.step();
            batch.removeEnded();
        }

        // Then
        assertThat(model.runs).hasSize(50);
        assertThat(opened).hasSizeGreaterThan(40).allSatisfy(cells -> assertThat(cells)
                .hasSize(3));
        assertThat(opened.stream().flatMap(Set::stream).distinct()).hasSize(CELLS);
        assertThat(seen).hasSize(50).startsWith(3, 6, 9).endsWith(150);
        assertThat(tokens(image)).isNotEqualTo(picture());
    }

    @Test
    void shouldNotGoOnWithCellsThatItWouldNotHaveOpened() {
        // Given: one step's work, but of another seed
        var canvas = new Canvas.Resampled(picture(), new Resampling(0.3f));
        GenerationRequest request = on(canvas, request(3, 4, 0, new Steps.Chosen(6, UnmaskingSchedule.COSINE), 5));
        MaskedImage other =
                joined(on(canvas, request(3, 4, 0, new Steps.Chosen(6, UnmaskingSchedule.COSINE), 6)), NOBODY);
        batch.step();

        // When
        MaskedImage resumed = new MaskedImage(request.after(other.partial()), NOBODY, model.dimensions());

        // Then
        assertThat(resumed.partial()).isEqualTo(new MaskedImage(request, NOBODY, model.dimensions()).partial());
    }

    private static GenerationObserver tells(List<Integer> seen, int total) {
        return new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                seen.add(tokensDone);
                assertThat(tokensTotal).isEqualTo(total);
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };
    }

    @Test
    void shouldDrawEverythingAnewAtFullStrength() {
        // Given
        GenerationRequest request = request(3, 4, 5);

        // When
        MaskedImage image = joined(on(new Canvas.Varied(picture(), 1), request), NOBODY);
        finish();

        // Then
        assertThat(tokens(image).ids()).isEqualTo(byTheBook(request, blank()));
    }

    @Test
    void shouldRunImagesTogetherWhateverStepEachIsAt() {
        // When
        joined(request(1, 4, 1), NOBODY);
        joined(request(2, 1, 2), NOBODY);
        batch.step();
        batch.step();
        joined(request(3, 4, 0, new Steps.Chosen(3, UnmaskingSchedule.LINEAR), 3), NOBODY);
        finish();

        // Then: rows of each run
        assertThat(model.runs).containsExactly(3, 3, 5, 5, 5, 3);
    }

    @Test
    void shouldMakeTheSameImageWhoeverJoinsAndLeavesMeanwhile() {
        // Given
        var random = new Random(3);
        List<MaskedImage> wanted = new ArrayList<>();
        List<GenerationRequest> requests = new ArrayList<>();

        // When: images come between any two steps, and some leave
        for (int i = 0; i < 60; i++) {
            Steps steps = i % 5 == 0 ? new Steps.ModelsOwn() : new Steps.Chosen(1 + i % 9, UnmaskingSchedule.COSINE);
            GenerationRequest request = request(i % 10, i % 3 == 0 ? 1 : 4, i % 7, steps, i);
            boolean leaving = i % 4 == 1;
            MaskedImage image = batch.image(request, new Leaving(leaving ? 1 + random.nextInt(10) : 1000));
            while (!batch.hasRoomFor(image) || random.nextInt(3) == 0 && !batch.isEmpty()) {
                batch.step();
                batch.removeEnded();
            }
            batch.join(image);
            if (!leaving) {
                wanted.add(image);
                requests.add(request);
            }
        }
        finish();

        // Then
        assertThat(wanted.stream().map(image -> tokens(image).ids()))
                .containsExactlyElementsOf(requests.stream()
                        .map(request -> byTheBook(request, blank()))
                        .toList());
    }

    @Test
    void shouldTellHowManyTokensAreFixed() {
        // Given
        List<Integer> seen = new ArrayList<>();

        // When
        joined(request(1, 4, 0, new Steps.Chosen(4, UnmaskingSchedule.LINEAR), 1), tells(seen, CELLS));
        finish();

        // Then
        assertThat(seen).containsExactly(4, 8, 12, CELLS);
    }

    @Test
    void shouldShareTheEnginesTimeByRows() {
        // Given: every look at the clock takes 60
        long[] now = {0};
        var timed = new MaskedBatch(model, () -> now[0] += 60);
        MaskedImage guided = timed.image(request(1, 4, 1), NOBODY);
        MaskedImage unguided = timed.image(request(2, 1, 2), NOBODY);
        timed.join(guided);
        timed.join(unguided);

        // When
        for (int step = 0; step < 6; step++) {
            timed.step();
        }

        // Then: 60 to begin each, and of each step's 60 two thirds and one third
        assertThat(engineNanos(guided)).isEqualTo(60 + 6 * 40);
        assertThat(engineNanos(unguided)).isEqualTo(60 + 6 * 20);
    }

    @Test
    void shouldFailOnlyTheImageWhoseLogitsAreNoNumbers() {
        // Given
        model.notNumbersForText = Requests.pooledStates(2, 3, 1, 2).hashCode();
        MaskedImage good = joined(request(1, 4, 1), NOBODY);
        MaskedImage bad = joined(request(2, 4, 2), NOBODY);

        // When
        finish();

        // Then
        assertThat(tokens(good).ids()).isEqualTo(byTheBook(request(1, 4, 1), blank()));
        assertFails(bad, "logits_invalid");
    }

    @Test
    void shouldRefuseConditionsOfAnotherKindOrSize() {
        refused(new Condition.OfClass(1), new Condition.None(), "conditioning: the model takes text, not a class");
        refused(text(3, 3, 1), text(2, 3, 1), "conditioning: text states are TextStates[3 x 3 and 1]");
        refused(text(2, 3, 2), text(2, 3, 1), "conditioning: text states are TextStates[2 x 3 and 2]");
        refused(text(2, 3, 1), new Condition.None(), "unconditional is missing");
        refused(new Condition.None(), text(2, 3, 1), "conditioning is missing");
        refused(over(4, 1), text(2, 3, 1), "conditioning: the model takes text alone, not a base grid");
    }

    @Test
    void shouldRefuseAFinerGridWithoutTheModelsBaseGrid() {
        // Given
        var finer = new MaskedBatch(FakeMaskedModel.ofSuperResolution(2));

        // When, Then
        refused(finer, text(2, 3, 1), over(4, 1), "conditioning: the model takes a base grid with the text");
        refused(finer, over(4, 1), text(2, 3, 1), "unconditional: the model takes a base grid with the text");
        refused(finer, over(4, 1), new Condition.None(), "unconditional is missing");
        refused(
                finer,
                new Condition.OfBaseGrid(Requests.pooledStates(2, 3, 1, 1), picture()),
                over(4, 1),
                "is not of the model's base grid, 2 x 2 of 8");
        refused(
                finer,
                new Condition.OfBaseGrid(Requests.pooledStates(3, 3, 1, 1), base(1)),
                over(4, 1),
                "conditioning: text states are TextStates[3 x 3 and 1]");
    }

    @Test
    void shouldMakeAFinerGridOfTheBaseGridAndTheText() {
        // Given
        var finer = new MaskedBatch(FakeMaskedModel.ofSuperResolution(6));
        List<MaskedImage> images = Stream.of(over(4, 1), over(4, 2), over(5, 1))
                .map(prompt -> finer.image(
                        new GenerationRequest(
                                prompt,
                                new Condition.OfBaseGrid(Requests.pooledStates(2, 3, 1, 9), prompt.base()),
                                new SamplingParameters(4, 2, 0, 1),
                                new ImageRandom(1, 0)),
                        NOBODY))
                .toList();

        // When
        images.forEach(finer::join);
        while (!finer.isEmpty()) {
            finer.step();
            finer.removeEnded();
        }

        // Then
        assertThat(images.stream().map(MaskedBatchTest::tokens)).doesNotHaveDuplicates();
    }

    private static Condition.OfBaseGrid over(int text, int base) {
        return new Condition.OfBaseGrid(Requests.pooledStates(2, 3, 1, text), base(base));
    }

    private static TokenGrid base(int first) {
        return new TokenGrid(2, 2, 8, new int[] {first, 0, 3, 7});
    }

    @Test
    void shouldRefuseAPictureThatIsNoneOfTheModels() {
        for (TokenGrid other : List.of(
                new TokenGrid(4, 3, CODES, new int[12]),
                new TokenGrid(4, 4, CODES + 1, new int[16]),
                TokenGrid.ofScales(List.of(1, 4), CODES, new int[17]))) {
            assertThatThrownBy(() -> batch.image(on(new Canvas.Varied(other, 1), request(3, 4, 5)), NOBODY))
                    .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                            .isEqualTo("invalid_request"))
                    .hasMessageContaining("is not of this model's grid and codebook");
        }
    }

    private static Condition text(int tokens, int width, int pooled) {
        return new Condition.OfText(Requests.pooledStates(tokens, width, pooled, 1));
    }

    private void refused(Condition condition, Condition unconditional, String message) {
        refused(batch, condition, unconditional, message);
    }

    private static void refused(MaskedBatch batch, Condition condition, Condition unconditional, String message) {
        var request = new GenerationRequest(
                condition, unconditional, new SamplingParameters(4, 2, 0, 1), new ImageRandom(1, 0));
        assertThatThrownBy(() -> batch.image(request, NOBODY))
                .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                        .isEqualTo("conditioning_mismatch"))
                .hasMessageContaining(message);
    }

    private static void assertFails(MaskedImage image, String reason) {
        assertThatThrownBy(() -> image.progress().outcome().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        GenerationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static long engineNanos(MaskedImage image) {
        return ((GenerationOutcome.Completed) image.progress().outcome().join())
                .engineTime()
                .toNanos();
    }

    private static int[] blank() {
        int[] tokens = new int[CELLS];
        Arrays.fill(tokens, MASK);
        return tokens;
    }

    /** One image alone, without a batch, in plain double arithmetic and whole sorts: two rows, whatever the guidance. */
    private static int[] byTheBook(GenerationRequest request, int[] given) {
        var model = new FakeMaskedModel(2);
        UnmaskingPlan plan = UnmaskingPlan.of(
                request.steps(), request.sampling(), model.dimensions().unmasking());
        model.begin(0, (Condition.OfText) request.condition());
        model.begin(1, (Condition.OfText) request.unconditional());
        int[] tokens = given.clone();
        long opened = Arrays.stream(given).filter(token -> token == MASK).count();
        for (int step = 0; step < plan.steps(); step++) {
            int[] rows = IntStream.concat(Arrays.stream(tokens), Arrays.stream(tokens))
                    .toArray();
            FloatBuffer logits =
                    model.advance(rows, IntStream.range(0, 2 * CELLS).toArray());
            double[] confidences = new double[CELLS];
            int open = 0;
            int[] drawn = tokens.clone();
            for (int cell = 0; cell < CELLS; cell++) {
                confidences[cell] = Double.POSITIVE_INFINITY;
                if (tokens[cell] == MASK) {
                    open++;
                    double[] shares = shares(logits, cell, request.sampling().guidanceScale());
                    drawn[cell] = drawn(shares, request, cell, step);
                    confidences[cell] = Math.log(shares[drawn[cell]]) + noise(plan, request, cell, step);
                }
            }
            if (step < plan.steps() - 1) {
                int masked = plan.masked(step, CELLS, open, (float) opened / CELLS);
                double[] ordered = confidences.clone();
                Arrays.sort(ordered);
                for (int cell = 0; cell < CELLS; cell++) {
                    drawn[cell] = confidences[cell] < ordered[masked] ? MASK : drawn[cell];
                }
            }
            tokens = drawn;
        }
        return tokens;
    }

    private static double[] shares(FloatBuffer logits, int cell, float guidance) {
        double[] shares = new double[CODES];
        for (int code = 0; code < CODES; code++) {
            float conditional = logits.get(cell * CODES + code);
            float unconditional = logits.get((CELLS + cell) * CODES + code);
            shares[code] = Math.exp(unconditional + guidance * (conditional - unconditional));
        }
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    private static int drawn(double[] shares, GenerationRequest request, int cell, int step) {
        double[] ordered = shares.clone();
        Arrays.sort(ordered);
        int topK = request.sampling().topK();
        double least = topK == 0 ? 0 : ordered[CODES - topK];
        double allowed = Arrays.stream(shares).filter(share -> share >= least).sum();
        double left = request.random().uniform(Purpose.TOKEN, cell, step) * allowed;
        int token = -1;
        for (int code = 0; code < CODES && left >= 0; code++) {
            if (shares[code] >= least) {
                token = code;
                left -= shares[code];
            }
        }
        return token;
    }

    private static double noise(UnmaskingPlan plan, GenerationRequest request, int cell, int step) {
        double uniform = request.random().uniform(Purpose.CONFIDENCE, cell, step);
        return plan.temperature(step) * -Math.log(-Math.log(uniform));
    }

    /** Wants the image no more once it has so many tokens. */
    private static final class Leaving implements GenerationObserver {
        private final int at;
        private int done;

        Leaving(int at) {
            this.at = at;
        }

        @Override
        public void progressed(int tokensDone, int tokensTotal) {
            done = tokensDone;
        }

        @Override
        public boolean stopRequested() {
            return done >= at;
        }
    }
}
