package dev.tessera.generator.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Canvas;
import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.Steps;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.TinyModel;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.testmodels.TinyTaming;
import dev.tessera.testmodels.TinyVar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An image that two workers leave and a third one ends is the image that nobody has left: real networks. */
@Timeout(300)
class OnnxLeavingTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults();

    private final Path bundle;

    OnnxLeavingTest(@TempDir Path folder) {
        bundle = folder.resolve("tiny");
    }

    private static GeneratorEngines engines() {
        return new GeneratorEngines("tiny", 4, Duration.ZERO);
    }

    private static GenerationRequest request(Condition condition, float guidance, long seed, int width, int height) {
        return request(condition, new SamplingParameters(guidance, 1, 0, 1), seed, width, height);
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

    @Test
    void shouldEndAnImageOfTokens() {
        TinyModel tiny = TinyModel.text(bundle);
        assertSame(
                () -> engines().nextToken(OnnxNextTokenModel.open(tiny.bundle(), 8, OPTIONS)),
                seed -> request(tiny.condition((int) seed % 3), 4, seed, 0, 0),
                20,
                40);
    }

    @Test
    void shouldEndAnImageOfScales() {
        ModelBundle tiny = TinyVar.plain().importTo(bundle, "tiny");
        assertSame(
                () -> engines().nextScale(OnnxNextScaleModel.open(tiny, 8, OPTIONS)),
                seed -> request(new Condition.OfClass((int) seed % 5), 4, seed, 0, 0),
                1,
                2);
    }

    @Test
    void shouldEndAnImageOfBlendedCodes() {
        ModelBundle tiny = TinyVar.plain().importTo(bundle, "tiny");
        var smooth = new SamplingParameters(4, 1, 0, 1, true);
        assertSame(
                () -> engines().nextScale(OnnxNextScaleModel.open(tiny, 8, OPTIONS)),
                seed -> request(new Condition.OfClass((int) seed % 5), smooth, seed, 0, 0),
                1,
                2);
    }

    @Test
    void shouldEndAnImageLargerThanItsWindow() {
        ModelBundle tiny = TinyTaming.classes().importTo(bundle, "tiny");
        assertSame(
                () -> engines().windowed(OnnxWindowModel.open(tiny, 40, OPTIONS)),
                seed -> request(new Condition.OfClass((int) seed % 5), 1, seed, 28, 24),
                14,
                28);
    }

    /**
     * @param once with how many tokens the first worker leaves
     * @param twice with how many the second one does
     */
    private static void assertSame(
            Supplier<GenerationEngine> worker, LongFunction<GenerationRequest> image, int once, int twice) {
        // Given
        GenerationRequest request = image.apply(3);
        var whole = (GenerationOutcome.Completed) outcome(worker, request, new Count(0), engine -> {});

        // When: each worker has other images, too
        Consumer<GenerationEngine> company = engine -> {
            for (int seed = 10; seed < 13; seed++) {
                CompletableFuture<GenerationOutcome> other = engine.generate(image.apply(seed), new Count(0));
                assertThat(other).isNotNull();
            }
        };
        var first = new Count(once);
        PartialImage begun = left(outcome(worker, request, first, company));
        var second = new Count(twice);
        PartialImage nearlyDone = left(outcome(worker, request.after(begun), second, company));
        var last = new Count(0);
        var end = (GenerationOutcome.Completed) outcome(worker, request.after(nearlyDone), last, company);

        // Then: no token is told of twice
        assertThat(end.drawing()).isEqualTo(whole.drawing());
        assertThat(begun.tokensDone()).isGreaterThanOrEqualTo(once);
        assertThat(nearlyDone.tokensDone()).isGreaterThan(begun.tokensDone());
        assertThat(first.last).hasValue(begun.tokensDone());
        assertThat(second.first.get()).isGreaterThan(begun.tokensDone());
        assertThat(last.first.get()).isGreaterThan(nearlyDone.tokensDone());
    }

    private static PartialImage left(GenerationOutcome outcome) {
        return PartialImage.of(((GenerationOutcome.Unfinished) outcome).done().message());
    }

    private static GenerationOutcome outcome(
            Supplier<GenerationEngine> worker,
            GenerationRequest request,
            Count count,
            Consumer<GenerationEngine> company) {
        try (GenerationEngine engine = worker.get()) {
            count.atLimit = engine::leave;
            company.accept(engine);
            return engine.generate(request, count).join();
        }
    }

    /** Has its worker leave when the image has so many tokens; 0 for never. */
    private static final class Count implements GenerationObserver {
        final AtomicInteger first = new AtomicInteger();
        final AtomicInteger last = new AtomicInteger();
        private final int limit;
        volatile Runnable atLimit = () -> {};

        Count(int limit) {
            this.limit = limit;
        }

        @Override
        public void progressed(int tokensDone, int tokensTotal) {
            first.compareAndSet(0, tokensDone);
            last.set(tokensDone);
            if (limit > 0 && tokensDone >= limit) {
                atLimit.run();
            }
        }

        @Override
        public boolean stopRequested() {
            return false;
        }
    }
}
