package dev.tessera.generator;

import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleBatchTest {
    private static final int TOKENS = 1 + 4 + 9 + 16;

    private final FakeNextScaleModel model = new FakeNextScaleModel(8);
    private final ScaleBatch batch = new ScaleBatch(model);

    private static GenerationRequest request(int classId, float cfg, long seed) {
        return Requests.ofClass(classId, new SamplingParameters(cfg, 1, 0, 1), seed);
    }

    private ScaleImage joined(GenerationRequest request, GenerationObserver observer) {
        var image = new ScaleImage(request, observer, model.dimensions(), model.codes());
        batch.join(image);
        return image;
    }

    private void finish() {
        while (!batch.isEmpty()) {
            batch.step();
            batch.removeEnded();
        }
    }

    private static Drawing drawing(ScaleImage image) {
        return ((GenerationOutcome.Completed) image.progress().outcome().join()).drawing();
    }

    private static TokenGrid tokens(ScaleImage image) {
        return drawing(image).tokens();
    }

    @ParameterizedTest
    @CsvSource({"4, 1, 0, 1", "0, 1, 0, 1", "1.5, 0.7, 5, 0.9", "4, 0, 0, 1"})
    void shouldDrawEachScaleWithItsShareOfTheGuidance(float cfg, float temperature, int topK, float topP) {
        // Given
        GenerationRequest request = Requests.ofClass(3, new SamplingParameters(cfg, temperature, topK, topP), 5);

        // When
        ScaleImage image = joined(request, NOBODY);
        finish();

        // Then
        assertThat(tokens(image)).isEqualTo(byTheBook(request));
    }

    @Test
    void shouldTakeTheLikeliestTokensWhenOnlyOneMayBeDrawn() {
        // Given
        GenerationRequest first = Requests.ofClass(3, new SamplingParameters(4, 1, 1, 1), 5);
        GenerationRequest greedy = Requests.ofClass(3, new SamplingParameters(4, 0, 0, 1), 6);

        // When
        ScaleImage image = joined(first, NOBODY);
        finish();

        // Then
        assertThat(tokens(image)).isEqualTo(byTheBook(greedy));
    }

    @Test
    void shouldRunTheImagesOfOneScaleTogetherAndLetNewcomersCatchUp() {
        // When
        joined(request(1, 4, 1), NOBODY);
        joined(request(2, 0, 2), NOBODY);
        batch.step();
        batch.step();
        joined(request(3, 4, 3), NOBODY);
        finish();

        // Then: scale and rows of each run
        assertThat(model.runs)
                .containsExactly(
                        List.of(0, 3), List.of(1, 3), List.of(0, 2), List.of(1, 2), List.of(2, 5), List.of(3, 5));
    }

    @Test
    void shouldMakeTheSameImageWhoeverJoinsAndLeavesMeanwhile() {
        // Given
        var random = new Random(3);
        List<ScaleImage> wanted = new ArrayList<>();
        List<GenerationRequest> requests = new ArrayList<>();

        // When: images come between any two steps, and some leave
        for (int i = 0; i < 60; i++) {
            GenerationRequest request = request(i % 10, i % 3 == 0 ? 0 : 4, i);
            boolean leaving = i % 4 == 1;
            var image = new ScaleImage(
                    request, new Leaving(leaving ? 1 + random.nextInt(10) : 1000), model.dimensions(), model.codes());
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
        assertThat(wanted.stream().map(ScaleBatchTest::tokens))
                .containsExactlyElementsOf(
                        requests.stream().map(ScaleBatchTest::byTheBook).toList());
    }

    @Test
    void shouldBlendTheSamePictureWhoeverJoinsAndLeavesMeanwhile() {
        // Given
        List<GenerationRequest> requests = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            var sampling = new SamplingParameters(i % 3 == 0 ? 0 : 4, 1, i % 2 * 9, 1, i % 4 != 0);
            requests.add(Requests.ofClass(i % 10, sampling, i));
        }
        List<Drawing> alone = requests.stream().map(this::alone).toList();
        List<ScaleImage> together = new ArrayList<>();

        // When: others leave in between
        for (GenerationRequest request : requests) {
            for (GenerationObserver observer : List.of(NOBODY, new Leaving(5))) {
                var image = new ScaleImage(request, observer, model.dimensions(), model.codes());
                while (!batch.hasRoomFor(image)) {
                    batch.step();
                    batch.removeEnded();
                }
                batch.join(image);
                if (observer == NOBODY) {
                    together.add(image);
                }
            }
        }
        finish();

        // Then
        assertThat(together.stream().map(ScaleBatchTest::drawing)).containsExactlyElementsOf(alone);
        assertThat(alone).doesNotHaveDuplicates();
    }

    private Drawing alone(GenerationRequest request) {
        ScaleImage image = joined(request, NOBODY);
        finish();
        return drawing(image);
    }

    @Test
    void shouldTellOfEachScale() {
        // Given
        List<Integer> seen = new ArrayList<>();
        GenerationObserver observer = new GenerationObserver() {
            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                seen.add(tokensDone);
                assertThat(tokensTotal).isEqualTo(TOKENS);
            }

            @Override
            public boolean stopRequested() {
                return false;
            }
        };

        // When
        joined(request(1, 4, 1), observer);
        finish();

        // Then
        assertThat(seen).containsExactly(1, 5, 14, TOKENS);
    }

    @Test
    void shouldShareTheEnginesTimeByRows() {
        // Given: every look at the clock takes 60
        long[] now = {0};
        var timed = new ScaleBatch(model, () -> now[0] += 60);
        var guided = new ScaleImage(request(1, 4, 1), NOBODY, model.dimensions(), model.codes());
        var unguided = new ScaleImage(request(2, 0, 2), NOBODY, model.dimensions(), model.codes());
        timed.join(guided);
        timed.join(unguided);

        // When
        for (int scale = 0; scale < 4; scale++) {
            timed.step();
        }

        // Then: 60 to begin each, and of each scale's 60 two thirds and one third
        assertThat(engineNanos(guided)).isEqualTo(60 + 4 * 40);
        assertThat(engineNanos(unguided)).isEqualTo(60 + 4 * 20);
    }

    @Test
    void shouldFailOnlyTheImageWhoseLogitsAreNoNumbers() {
        // Given
        model.notNumbersForClass = 2;
        ScaleImage good = joined(request(1, 4, 1), NOBODY);
        ScaleImage bad = joined(request(2, 4, 2), NOBODY);

        // When
        finish();

        // Then
        assertThat(tokens(good)).isEqualTo(byTheBook(request(1, 4, 1)));
        assertFails(bad, "logits_invalid");
    }

    @Test
    void shouldRefuseAClassThatTheModelDoesNotHave() {
        assertThatThrownBy(() -> new ScaleImage(request(10, 4, 1), NOBODY, model.dimensions(), model.codes()))
                .isInstanceOfSatisfying(GenerationException.Unservable.class, e -> assertThat(e.reason())
                        .isEqualTo("conditioning_mismatch"))
                .hasMessageContaining("class_id is 10, the model has 10 classes");
    }

    private static void assertFails(ScaleImage image, String reason) {
        assertThatThrownBy(() -> image.progress().outcome().join())
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        GenerationException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static long engineNanos(ScaleImage image) {
        return ((GenerationOutcome.Completed) image.progress().outcome().join())
                .engineTime()
                .toNanos();
    }

    /** One image alone, without a batch: two rows, whatever the guidance. */
    private static TokenGrid byTheBook(GenerationRequest request) {
        var model = new FakeNextScaleModel(2);
        var sampler = new TokenSampler(FakeNextScaleModel.VOCABULARY);
        SamplingParameters asked = request.sampling();
        ImageRandom random = request.random();
        model.begin(0, ((Condition.OfClass) request.condition()).classId());
        model.accompany(1, FakeNextScaleModel.CLASSES);
        int[] tokens = new int[TOKENS];
        int done = 0;
        for (int scale = 0; scale < 4; scale++) {
            int count = model.dimensions().tokens(scale);
            FloatBuffer logits = model.advance(scale, 0, 2);
            float share = asked.guidanceScale() * scale / 3;
            var parameters = new SamplingParameters(1 + share, asked.temperature(), asked.topK(), asked.topP());
            for (int cell = 0; cell < count; cell++) {
                double uniform = random.uniform(Purpose.TOKEN, done + cell, 0);
                tokens[done + cell] = share == 0
                        ? sampler.draw(logits, cell, parameters, uniform)
                        : sampler.drawGuided(logits, cell, count + cell, parameters, uniform);
            }
            model.refine(0, scale, Arrays.copyOfRange(tokens, done, done + count));
            done += count;
        }
        return TokenGrid.ofScales(FakeNextScaleModel.SIDES, FakeNextScaleModel.VOCABULARY, tokens);
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
