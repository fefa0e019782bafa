package dev.tessera.generator.onnx;

import static dev.tessera.generation.EngineAssertions.assertSameAloneAndTogether;
import static dev.tessera.generation.Outcomes.drawing;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.nextscale.LatentPictures;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.inference.onnx.TensorMemory;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** VAR's blended code vectors against an independent PyTorch implementation that is given the same noise. */
@Timeout(300)
class OnnxSmoothTest {
    private static final float TOLERANCE = 1e-4f;
    private static final GraphOptions OPTIONS = GraphOptions.defaults();

    private final Path folder;

    OnnxSmoothTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<TinyVar> models() {
        return Stream.of(TinyVar.plain(), TinyVar.shared(), TinyVar.unscaled());
    }

    private static GenerationEngine generator(ModelBundle bundle, int slots) {
        return new GeneratorEngines("tiny", slots, Duration.ofSeconds(30))
                .nextScale(OnnxNextScaleModel.open(bundle, 2 * slots, OPTIONS));
    }

    private static GenerationRequest request(TinyVar tiny, TinyVar.SmoothImage image) {
        return new GenerationRequest(
                image.unconditional() ? new Condition.None() : new Condition.OfClass(image.classId()),
                new Condition.None(),
                tiny.smoothSampling(),
                new ImageRandom(image.seed(), 0),
                image.redrawn()
                        .<Canvas>map(redrawn -> new Canvas.Masked(tiny.pictureTokens(), redrawn))
                        .orElseGet(Canvas.Blank::new));
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldMakeTheLatentPicturesOfTheReference(TinyVar tiny) {
        // Given: a picture from nothing, and an edit
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        try (var generator = generator(bundle, 2)) {
            for (TinyVar.SmoothImage image : tiny.smoothImages()) {
                // When
                Drawing drawing = drawing(generator.generate(request(tiny, image), NOBODY));

                // Then
                assertThat(drawing.tokens()).isEqualTo(image.tokens());
                assertThat(((Drawing.Blended) drawing).latent().values())
                        .containsExactly(image.latent(), within(TOLERANCE));
            }
            assertThat(tiny.smoothImages().stream()
                            .filter(image -> image.redrawn().isPresent()))
                    .isNotEmpty();
        }
    }

    @Test
    void shouldMakeTheSamePictureAloneAndAmongOthersThatComeAndGo() {
        // Given
        ModelBundle bundle = TinyVar.shared().importTo(folder.resolve("tiny"), "tiny");
        var smooth = new SamplingParameters(1.5f, 1, 40, 0.95f, true);
        var unguided = new SamplingParameters(0, 0.9f, 0, 1, true);
        var drawn = new SamplingParameters(1.5f, 1, 0, 1);
        List<SamplingParameters> ways = List.of(smooth, unguided, drawn);
        try (var generator = generator(bundle, 6)) {
            List<GenerationRequest> requests = IntStream.range(0, 20)
                    .mapToObj(i -> Requests.ofClass(i % 10, ways.get(i % 3), i))
                    .toList();

            // When, Then
            assertSameAloneAndTogether(generator, requests);
        }
    }

    @Test
    void shouldBeTheSumOfTheTokensWhereOnlyOneMayBeDrawn() {
        // Given
        TinyVar tiny = TinyVar.plain();
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        var likeliest = new SamplingParameters(tiny.cfg(), 1, 1, 1, true);
        try (var generator = generator(bundle, 1)) {
            // When
            Drawing drawing = drawing(generator.generate(Requests.ofClass(tiny.classOf(0), likeliest, 1), NOBODY));

            // Then: bit for bit what the decoder would make of the tokens
            assertThat(drawing.tokens()).isEqualTo(tiny.tokens(0));
            assertThat(((Drawing.Blended) drawing).latent().values()).isEqualTo(sum(bundle, tiny));
        }
    }

    private static float[] sum(ModelBundle bundle, TinyVar tiny) {
        try (var latents = LatentPictures.open(bundle, OPTIONS);
                var memory = new TensorMemory()) {
            var latent = latents.blank(memory);
            int first = 0;
            for (int scale = 0; scale < tiny.tokens(0).scales().size(); scale++) {
                int count = (int) Math.pow(tiny.tokens(0).scales().get(scale), 2);
                latents.refine(latent, scale, Arrays.copyOfRange(tiny.tokens(0).ids(), first, first + count));
                first += count;
            }
            return latents.read(latent).values();
        }
    }
}
