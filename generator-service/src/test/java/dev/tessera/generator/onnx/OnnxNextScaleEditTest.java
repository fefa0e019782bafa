package dev.tessera.generator.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** VAR's editing against an independent PyTorch implementation: in-painting, out-painting, with classes and without. */
@Timeout(300)
class OnnxNextScaleEditTest {
    private static final GenerationObserver NOBODY = new GenerationObserver() {
        @Override
        public void progressed(int tokensDone, int tokensTotal) {}

        @Override
        public boolean stopRequested() {
            return false;
        }
    };

    static Stream<TinyVar> models() {
        return Stream.of(TinyVar.plain(), TinyVar.shared(), TinyVar.unscaled());
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldDrawTheGreedyEditsOfTheReference(TinyVar tiny, @TempDir Path folder) {
        // Given
        var model = OnnxNextScaleModel.open(tiny.importTo(folder.resolve("tiny"), "tiny"), 8, GraphOptions.defaults());

        // When
        try (var generator = new GeneratorEngines("tiny", 4, Duration.ofSeconds(30)).nextScale(model)) {
            List<TokenGrid> edited = tiny.edits().stream()
                    .map(edit -> request(tiny, edit))
                    .map(request -> generator.generate(request, NOBODY))
                    .map(outcome -> ((GenerationOutcome.Completed) outcome.join()).tokens())
                    .toList();

            // Then
            assertThat(edited)
                    .hasSizeGreaterThanOrEqualTo(3)
                    .isEqualTo(tiny.edits().stream().map(TinyVar.Edit::tokens).toList());
        }
    }

    private static GenerationRequest request(TinyVar tiny, TinyVar.Edit edit) {
        return new GenerationRequest(
                edit.unconditional() ? new Condition.None() : new Condition.OfClass(edit.classId()),
                new Condition.None(),
                new SamplingParameters(edit.cfg(), 1, 1, 1),
                new ImageRandom(1, 0),
                new Canvas.Masked(tiny.pictureTokens(), edit.redrawn()));
    }
}
