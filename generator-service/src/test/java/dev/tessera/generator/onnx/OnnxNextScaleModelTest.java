package dev.tessera.generator.onnx;

import static dev.tessera.generation.EngineAssertions.assertSameAloneAndTogether;
import static dev.tessera.generation.Outcomes.tokens;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Requests;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyLlamaGen;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** VAR against values of an independent PyTorch implementation, which keeps no keys and values and batches nothing. */
@Timeout(300)
class OnnxNextScaleModelTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults();

    private final Path folder;

    OnnxNextScaleModelTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<TinyVar> models() {
        return Stream.of(TinyVar.plain(), TinyVar.shared(), TinyVar.unscaled());
    }

    private static GenerationEngine generator(ModelBundle bundle, int slots) {
        return new GeneratorEngines("tiny", slots, Duration.ofSeconds(30))
                .nextScale(OnnxNextScaleModel.open(bundle, 2 * slots, OPTIONS));
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldDrawTheGreedyTokensOfTheReference(TinyVar tiny) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        var greedy = new SamplingParameters(tiny.cfg(), 1, 1, 1);

        // When
        try (var generator = generator(bundle, 4)) {
            List<CompletableFuture<GenerationOutcome>> images = IntStream.range(0, tiny.images())
                    .mapToObj(image -> generator.generate(Requests.ofClass(tiny.classOf(image), greedy, 1), NOBODY))
                    .toList();

            // Then
            for (int image = 0; image < tiny.images(); image++) {
                assertThat(tokens(images.get(image))).isEqualTo(tiny.tokens(image));
            }
        }
    }

    @Test
    void shouldMakeTheSameImageAloneAndAmongOthersThatComeAndGo() {
        // Given
        ModelBundle bundle = TinyVar.shared().importTo(folder.resolve("tiny"), "tiny");
        var drawn = new SamplingParameters(1.5f, 1, 40, 0.95f);
        var unguided = new SamplingParameters(0, 0.9f, 0, 1);
        try (var generator = generator(bundle, 6)) {
            List<GenerationRequest> requests = IntStream.range(0, 20)
                    .mapToObj(i -> Requests.ofClass(i % 10, i % 3 == 0 ? unguided : drawn, i))
                    .toList();

            // When, Then
            assertSameAloneAndTogether(generator, requests);
        }
    }

    @Test
    void shouldGoOnUnchangedWhenItMovesUpIntoTheRowsOfAnImageThatLeaves() {
        // Given
        ModelBundle bundle = TinyVar.shared().importTo(folder.resolve("tiny"), "tiny");
        GenerationRequest wanted = Requests.ofClass(7, new SamplingParameters(1.5f, 1, 40, 0.95f), 3);
        try (var generator = generator(bundle, 3)) {
            TokenGrid alone = tokens(generator.generate(wanted, NOBODY));
            var held = new CountDownLatch(1);
            var halfway = new CountDownLatch(1);
            CompletableFuture<GenerationOutcome> leaving =
                    generator.generate(Requests.ofClass(1, wanted.sampling(), 1), new Leaving(held, halfway));

            // When: both are in flight, and the first leaves once the second has some scales
            CompletableFuture<GenerationOutcome> staying = generator.generate(wanted, new Halfway(halfway));
            held.countDown();

            // Then
            assertThat(tokens(staying)).isEqualTo(alone);
            assertThat(leaving.join()).isInstanceOf(GenerationOutcome.Stopped.class);
        }
    }

    @Test
    void shouldRefuseABundleOfAnotherFamily() {
        // Given
        ModelBundle bundle = TinyLlamaGen.classes().importTo(folder.resolve("tiny"), "tiny");

        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxNextScaleModel.open(bundle, 2, OPTIONS))
                .withMessage("tiny is not a next-scale model");
    }

    /** Begins no second scale before it is let go, and wants the image no more once another is halfway. */
    private record Leaving(CountDownLatch held, CountDownLatch halfway) implements GenerationObserver {
        @Override
        public void progressed(int tokensDone, int tokensTotal) {
            try {
                held.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean stopRequested() {
            return halfway.getCount() == 0;
        }
    }

    /** Tells when the image has several scales. */
    private record Halfway(CountDownLatch reached) implements GenerationObserver {
        @Override
        public void progressed(int tokensDone, int tokensTotal) {
            if (tokensDone >= 30) {
                reached.countDown();
            }
        }

        @Override
        public boolean stopRequested() {
            return false;
        }
    }
}
