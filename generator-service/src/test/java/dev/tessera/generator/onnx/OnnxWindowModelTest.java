package dev.tessera.generator.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Steps;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** VQGAN + GPT against values of an independent PyTorch implementation, which runs a whole window for every token. */
@Timeout(300)
class OnnxWindowModelTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults();
    private static final SamplingParameters GREEDY = new SamplingParameters(1, 0, 0, 1);
    private static final SamplingParameters DRAWN = new SamplingParameters(1, 1, 40, 0.95f);

    private static final GenerationObserver NOBODY = new GenerationObserver() {
        @Override
        public void progressed(int tokensDone, int tokensTotal) {}

        @Override
        public boolean stopRequested() {
            return false;
        }
    };

    private final Path folder;

    OnnxWindowModelTest(@TempDir Path folder) {
        this.folder = folder;
    }

    private static GenerationEngine generator(ModelBundle bundle, int slots, int rows) {
        return new GeneratorEngines("tiny", slots, Duration.ofSeconds(30))
                .windowed(OnnxWindowModel.open(bundle, rows, OPTIONS));
    }

    private static TokenGrid tokens(CompletableFuture<GenerationOutcome> outcome) {
        return ((GenerationOutcome.Completed) outcome.join()).tokens();
    }

    private static GenerationRequest request(
            Condition condition, SamplingParameters sampling, long seed, int width, int height) {
        return new GenerationRequest(
                condition,
                new Condition.None(),
                sampling,
                new ImageRandom(seed, 0),
                new Steps.ModelsOwn(),
                new Canvas.Blank(),
                width,
                height);
    }

    static Stream<Arguments> models() {
        return Stream.of(
                Arguments.of(TinyTaming.classes(), 4),
                Arguments.of(TinyTaming.start(), 2),
                Arguments.of(TinyTaming.segmentation(), 2),
                Arguments.of(TinyTaming.depth(), 2));
    }

    private static Condition condition(ModelBundle bundle, TinyTaming tiny, int image) {
        return switch (bundle.manifest().conditioning()) {
            case ClassConditioning classes -> new Condition.OfClass(tiny.classOf(image));
            case MapConditioning map -> new Condition.OfMap(tiny.mapOf(image));
            case NoConditioning none -> new Condition.None();
            case TextConditioning text -> throw new IllegalStateException("no such fixture");
        };
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldDrawTheGreedyTokensOfTheReference(TinyTaming tiny, int pixels) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");

        // When: all images at once, with room to remember and without
        for (int rows : List.of(4, 40)) {
            try (var generator = generator(bundle, 4, rows)) {
                List<CompletableFuture<GenerationOutcome>> images = IntStream.range(0, tiny.images())
                        .mapToObj(image -> generator.generate(
                                request(
                                        condition(bundle, tiny, image),
                                        GREEDY,
                                        1,
                                        tiny.tokens(image).columns() * pixels,
                                        tiny.tokens(image).rows() * pixels),
                                NOBODY))
                        .toList();

                // Then
                for (int image = 0; image < tiny.images(); image++) {
                    assertThat(tokens(images.get(image))).isEqualTo(tiny.tokens(image));
                }
            }
        }
    }

    @Test
    void shouldMakeTheSameImageAloneAndAmongOthersHoweverMuchItRemembers() {
        // Given
        ModelBundle bundle = TinyTaming.classes().importTo(folder.resolve("tiny"), "tiny");
        List<GenerationRequest> requests = IntStream.range(0, 12)
                .mapToObj(i -> request(new Condition.OfClass(i % 10), DRAWN, i, 16 + 4 * (i % 5), 16 + 4 * (i % 4)))
                .toList();
        List<TokenGrid> alone;
        try (var generator = generator(bundle, 1, 1)) {
            alone = requests.stream()
                    .map(request -> tokens(generator.generate(request, NOBODY)))
                    .toList();
        }

        // When
        try (var generator = generator(bundle, 6, 14)) {
            List<CompletableFuture<GenerationOutcome>> together = requests.stream()
                    .map(request -> generator.generate(request, NOBODY))
                    .toList();

            // Then
            assertThat(together.stream().map(OnnxWindowModelTest::tokens)).containsExactlyElementsOf(alone);
            assertThat(alone).doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldRefuseABundleOfAnotherFamily() {
        // Given
        ModelBundle bundle = TinyVar.plain().importTo(folder.resolve("tiny"), "tiny");

        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxWindowModel.open(bundle, 2, OPTIONS))
                .withMessage("tiny is not a windowed model");
    }
}
