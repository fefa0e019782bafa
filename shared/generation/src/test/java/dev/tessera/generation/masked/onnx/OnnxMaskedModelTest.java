package dev.tessera.generation.masked.onnx;

import static dev.tessera.generation.EngineAssertions.assertSameAloneAndTogether;
import static dev.tessera.generation.Outcomes.tokens;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Outcomes;
import dev.tessera.generation.Steps;
import dev.tessera.generation.TextStates;
import dev.tessera.generation.masked.MaskedEngine;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.Resampling;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.UnmaskingSchedule;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.pipeline.Stage;
import dev.tessera.testmodels.TinyAmused;
import dev.tessera.testmodels.TinyVar;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** aMUSEd against values of an independent PyTorch implementation, which hoists nothing and batches nothing. */
@Timeout(300)
class OnnxMaskedModelTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults();

    private final Path folder;

    OnnxMaskedModelTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<TinyAmused> models() {
        return Stream.of(TinyAmused.plain(), TinyAmused.halved());
    }

    private static GenerationEngine generator(ModelBundle bundle, int slots) {
        return MaskedEngine.of(
                Stage.GENERATOR,
                "tiny",
                OnnxMaskedModel.open(bundle, 2 * slots, OPTIONS),
                slots,
                Duration.ofSeconds(30));
    }

    private static GenerationRequest request(
            TinyAmused tiny, int image, SamplingParameters sampling, Steps steps, long seed) {
        return request(tiny, image, sampling, steps, seed, new Canvas.Blank());
    }

    private static GenerationRequest request(
            TinyAmused tiny, int image, SamplingParameters sampling, Steps steps, long seed, Canvas canvas) {
        return new GenerationRequest(
                text(tiny.states(image), tiny.pooled(image)),
                text(tiny.negativeStates(image), tiny.negativePooled(image)),
                sampling,
                new ImageRandom(seed, 0),
                steps,
                canvas);
    }

    private static Condition text(float[] states, float[] pooled) {
        return new Condition.OfText(TextStates.fromFloats(77, states.length / 77, bytes(states), bytes(pooled)));
    }

    private static ByteBuffer bytes(float[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes;
    }

    private static Steps steps(TinyAmused tiny) {
        return new Steps.Chosen(
                tiny.steps(), UnmaskingSchedule.valueOf(tiny.schedule().toUpperCase(Locale.ROOT)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldDrawTheGreedyTokensOfTheReference(TinyAmused tiny) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        var greedy = new SamplingParameters(tiny.guidance(), 2, 1, 1);

        // When
        try (var generator = generator(bundle, 4)) {
            List<CompletableFuture<GenerationOutcome>> images = IntStream.range(0, tiny.images())
                    .mapToObj(image -> generator.generate(request(tiny, image, greedy, steps(tiny), 1), NOBODY))
                    .toList();

            // Then
            for (int image = 0; image < tiny.images(); image++) {
                assertThat(tokens(images.get(image))).isEqualTo(tiny.tokens(image));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldEditAPictureAsTheReference(TinyAmused tiny) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        var greedy = new SamplingParameters(tiny.guidance(), 2, 1, 1);
        var canvas = new Canvas.Masked(tiny.pictureTokens(), tiny.redrawn());

        // When
        try (var generator = generator(bundle, 1)) {
            TokenGrid edited = tokens(generator.generate(request(tiny, 0, greedy, steps(tiny), 1, canvas), NOBODY));

            // Then
            assertThat(edited).isEqualTo(tiny.editedTokens()).isNotEqualTo(tiny.pictureTokens());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldVaryAPictureByStrengthAsTheReference(TinyAmused tiny) {
        // When, Then
        assertThat(tiny.varied()).hasSize(4);
        edited(tiny, tiny.varied(), edit -> new Canvas.Varied(tiny.pictureTokens(), edit.share()));
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldResampleAPictureAsTheReference(TinyAmused tiny) {
        // When, Then
        assertThat(tiny.resampled()).hasSize(2);
        edited(
                tiny,
                tiny.resampled(),
                edit -> new Canvas.Resampled(tiny.pictureTokens(), new Resampling(edit.share())));
    }

    /** All of them in one batch. */
    private void edited(TinyAmused tiny, List<TinyAmused.Edit> edits, Function<TinyAmused.Edit, Canvas> canvas) {
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        var greedy = new SamplingParameters(tiny.guidance(), 2, 1, 1);
        var schedule = UnmaskingSchedule.valueOf(tiny.schedule().toUpperCase(Locale.ROOT));
        try (var generator = generator(bundle, edits.size())) {
            List<CompletableFuture<GenerationOutcome>> images = edits.stream()
                    .map(edit -> request(
                            tiny, 0, greedy, new Steps.Chosen(edit.steps(), schedule), edit.seed(), canvas.apply(edit)))
                    .map(request -> generator.generate(request, NOBODY))
                    .toList();
            assertThat(images.stream().map(Outcomes::tokens))
                    .containsExactlyElementsOf(
                            edits.stream().map(TinyAmused.Edit::tokens).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldMakeTheSameImageAloneAndAmongOthersThatComeAndGo(TinyAmused tiny) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        var drawn = new SamplingParameters(10, 2, 0, 1);
        var unguided = new SamplingParameters(1, 0.5f, 9, 0.9f);
        try (var generator = generator(bundle, 6)) {
            List<GenerationRequest> requests = IntStream.range(0, 20)
                    .mapToObj(i -> request(
                            tiny,
                            i % tiny.images(),
                            i % 3 == 0 ? unguided : drawn,
                            new Steps.Chosen(1 + i % 7, UnmaskingSchedule.COSINE),
                            i))
                    .toList();

            // When, Then
            assertSameAloneAndTogether(generator, requests);
        }
    }

    @Test
    void shouldRefuseABundleOfAnotherFamily() {
        // Given
        ModelBundle bundle = TinyVar.plain().importTo(folder.resolve("tiny"), "tiny");

        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxMaskedModel.open(bundle, 2, OPTIONS))
                .withMessage("tiny is not a masked model");
    }
}
