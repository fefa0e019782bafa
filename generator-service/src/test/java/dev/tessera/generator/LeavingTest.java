package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.BatchedImage;
import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageBatch;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Requests;
import dev.tessera.generation.Steps;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Grid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An image that is left after any step and continued by another worker is the image that nobody has left. */
class LeavingTest {
    private static final SamplingParameters DRAWN = new SamplingParameters(1, 1, 0, 1);

    /** A family of networks: a worker of it, and images. */
    enum Family {
        NEXT_TOKEN(
                () -> new DecodingBatch(new FakeNextTokenModel(6, 1, new Grid(4, 4), new ClassConditioning(10))),
                seed -> Requests.ofClass(Math.toIntExact(seed), GUIDED, seed)),
        NEXT_SCALE(
                () -> new ScaleBatch(new FakeNextScaleModel(6)),
                seed -> Requests.ofClass(Math.toIntExact(seed), new SamplingParameters(4, 1, 0, 1), seed)),
        NEXT_SCALE_BLENDED(
                () -> new ScaleBatch(new FakeNextScaleModel(6)),
                seed -> Requests.ofClass(Math.toIntExact(seed), new SamplingParameters(4, 1, 0, 1, true), seed)),
        WINDOWED(
                () -> new WindowBatch(new FakeWindowModel(40, new ClassConditioning(10))),
                seed -> new GenerationRequest(
                        new Condition.OfClass(Math.toIntExact(seed)),
                        new Condition.None(),
                        DRAWN,
                        new ImageRandom(seed, 0),
                        new Steps.ModelsOwn(),
                        new Canvas.Blank(),
                        2 * 9,
                        2 * 7)),
        WINDOWED_WITH_LITTLE_MEMORY(
                () -> new WindowBatch(new FakeWindowModel(2, new ClassConditioning(10))), WINDOWED.image);

        private final Supplier<ImageBatch<?>> worker;
        private final Function<Long, GenerationRequest> image;

        Family(Supplier<ImageBatch<?>> worker, Function<Long, GenerationRequest> image) {
            this.worker = worker;
            this.image = image;
        }
    }

    private static <I extends BatchedImage> I begun(
            ImageBatch<I> worker, GenerationRequest request, int steps, GenerationObserver observer) {
        I image = worker.image(request, observer);
        worker.join(image);
        worker.removeEnded();
        for (int step = 0; step < steps && !image.progress().ended(); step++) {
            worker.step();
            worker.removeEnded();
        }
        return image;
    }

    /** What the worker leaves after so many steps, as another one reads it. */
    private static PartialImage left(ImageBatch<?> worker, GenerationRequest request, int steps) {
        PartialImage done = begun(worker, request, steps, NOBODY).partial();
        return PartialImage.of(done.message());
    }

    private static GenerationOutcome.Completed whole(
            ImageBatch<?> worker, GenerationRequest request, GenerationObserver observer) {
        BatchedImage image = begun(worker, request, Integer.MAX_VALUE, observer);
        return (GenerationOutcome.Completed) image.progress().outcome().join();
    }

    private static Drawing drawing(ImageBatch<?> worker, GenerationRequest request) {
        return whole(worker, request, NOBODY).drawing();
    }

    @ParameterizedTest
    @EnumSource
    void shouldMakeTheSameImageWhereverItWasLeft(Family family) {
        // Given
        GenerationRequest request = family.image.apply(3L);
        Drawing expected = drawing(family.worker.get(), request);
        for (int steps = 0; steps < expected.tokens().size(); steps++) {
            PartialImage done = left(family.worker.get(), request, steps);

            // When: the other worker is in the middle of another image
            ImageBatch<?> other = family.worker.get();
            begun(other, family.image.apply(7L), 2, NOBODY);
            var told = new Told();
            GenerationOutcome.Completed completed = whole(other, request.after(done), told);

            // Then: nothing is told twice, and the time adds up
            assertThat(completed.drawing())
                    .as("left after %d steps: %s", steps, done)
                    .isEqualTo(expected);
            assertThat(told.progress).isSorted().doesNotHaveDuplicates().allMatch(tokens -> tokens > done.tokensDone());
            assertThat(told.repeated).isEqualTo(done.tokensDone());
            assertThat(completed.engineTime()).isGreaterThan(done.engineTime());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLoseNothingWhenItIsLeftAgainBeforeItHasCaughtUp(Family family) {
        // Given
        GenerationRequest request = family.image.apply(3L);
        PartialImage done = left(family.worker.get(), request, 3);

        // When
        PartialImage again = left(family.worker.get(), request.after(done), 1);

        // Then
        assertThat(again.ids()).isEqualTo(done.ids());
        assertThat(again.stepsDone()).isEqualTo(done.stepsDone());
        assertThat(again.tokensDone()).isEqualTo(done.tokensDone());
        assertThat(again.engineTime()).isGreaterThan(done.engineTime());
        assertThat(drawing(family.worker.get(), request.after(again))).isEqualTo(drawing(family.worker.get(), request));
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeginAnewWhenWhatIsDoneIsNotTheModels(Family family) {
        // Given: steps and tokens that do not belong together, tokens of another codebook, and another number of them
        GenerationRequest request = family.image.apply(3L);
        PartialImage done = left(family.worker.get(), request, 3);
        int[] foreign = done.ids();
        foreign[0] = 1_000_000;
        List<PartialImage> others = List.of(
                new PartialImage(done.ids(), done.stepsDone() + 1, done.tokensDone(), done.engineTime()),
                new PartialImage(done.ids(), -1, done.tokensDone(), done.engineTime()),
                new PartialImage(done.ids(), done.stepsDone(), done.tokensDone() + 1, done.engineTime()),
                new PartialImage(foreign, done.stepsDone(), done.tokensDone(), done.engineTime()),
                new PartialImage(Arrays.copyOf(done.ids(), 5), done.stepsDone(), done.tokensDone(), done.engineTime()));

        for (PartialImage other : others) {
            // When
            var told = new Told();
            Drawing drawing =
                    whole(family.worker.get(), request.after(other), told).drawing();

            // Then
            assertThat(drawing).isEqualTo(drawing(family.worker.get(), request));
            assertThat(told.repeated).isZero();
        }
    }

    /** What an observer hears. */
    private static final class Told implements GenerationObserver {
        final List<Integer> progress = new ArrayList<>();
        int repeated;

        @Override
        public void progressed(int tokensDone, int tokensTotal) {
            progress.add(tokensDone);
        }

        @Override
        public void repeated(int tokens, java.time.Duration engineTime) {
            repeated += tokens;
        }

        @Override
        public boolean stopRequested() {
            return false;
        }
    }
}
