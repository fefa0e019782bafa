package dev.tessera.generator.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Steps;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyTaming;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Edits of pictures larger than the window against an independent PyTorch implementation, which draws cell after cell. */
@Timeout(300)
class OnnxWindowEditTest {
    private static final GenerationObserver NOBODY = new GenerationObserver() {
        @Override
        public void progressed(int tokensDone, int tokensTotal) {}

        @Override
        public boolean stopRequested() {
            return false;
        }
    };

    static Stream<TinyTaming> models() {
        return Stream.of(TinyTaming.classes(), TinyTaming.segmentation());
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldDrawTheGreedyEditsOfTheReference(TinyTaming tiny, @TempDir Path folder) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        var model = OnnxWindowModel.open(bundle, 8, GraphOptions.defaults());

        // When
        try (var generator = new GeneratorEngines("tiny", 4, Duration.ofSeconds(30)).windowed(model)) {
            List<TokenGrid> edited = tiny.edits().stream()
                    .map(edit -> generator.generate(request(tiny, edit, bundle.manifest()), NOBODY))
                    .toList()
                    .stream()
                    .map(outcome -> ((GenerationOutcome.Completed) outcome.join()).tokens())
                    .toList();

            // Then
            assertThat(edited)
                    .hasSizeGreaterThanOrEqualTo(3)
                    .isEqualTo(
                            tiny.edits().stream().map(TinyTaming.Edit::tokens).toList());
        }
    }

    private static GenerationRequest request(TinyTaming tiny, TinyTaming.Edit edit, BundleManifest manifest) {
        TokenGrid tokens = tiny.pictureTokens();
        return new GenerationRequest(
                edit.condition().size() == 1
                        ? new Condition.OfClass(edit.condition().id(0))
                        : new Condition.OfMap(edit.condition()),
                new Condition.None(),
                new SamplingParameters(1, 1, 1, 1),
                new ImageRandom(1, 0),
                new Steps.ModelsOwn(),
                new Canvas.Masked(tokens, edit.redrawn()),
                tokens.columns() * manifest.image().width() / manifest.grid().columns(),
                tokens.rows() * manifest.image().height() / manifest.grid().rows());
    }
}
