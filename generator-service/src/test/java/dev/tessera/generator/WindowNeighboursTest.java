package dev.tessera.generator;

import static dev.tessera.generator.WindowImages.CLASSES;
import static dev.tessera.generator.WindowImages.MAP;
import static dev.tessera.generator.WindowImages.drawn;
import static dev.tessera.generator.WindowImages.finish;
import static dev.tessera.generator.WindowImages.image;
import static dev.tessera.generator.WindowImages.map;
import static dev.tessera.generator.WindowImages.plainly;
import static dev.tessera.generator.WindowImages.request;
import static dev.tessera.generator.WindowImages.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.inference.bundle.Grid;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Images that are drawn together. */
class WindowNeighboursTest {
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
        finish(batch);

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
        finish(batch);

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
        finish(batch);

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
        finish(batch);

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
