package dev.tessera.generation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the tokens that are drawn and the images that are in hand, and measures how long an image takes. */
public final class MeasuredTokenGenerator implements TokenGenerator {
    private final TokenGenerator generator;
    private final MeterRegistry registry;
    private final Counter tokens;
    private final Timer images;
    private final Timer repeated;
    private final AtomicInteger inHand = new AtomicInteger();

    public MeasuredTokenGenerator(TokenGenerator generator, String model, MeterRegistry registry) {
        this.generator = generator;
        this.registry = registry;
        this.tokens = Counter.builder("tessera.generation.tokens")
                .description("Image tokens drawn")
                .tag("model", model)
                .register(registry);
        this.images = Timer.builder("tessera.generation.image")
                .description("Time from taking an image in hand to its outcome")
                .tag("model", model)
                .register(registry);
        this.repeated = Timer.builder("tessera.generation.repeated")
                .description("Engine time for reading again what there was of an image that another worker had left")
                .tag("model", model)
                .register(registry);
        Gauge.builder("tessera.generation.images", inHand, AtomicInteger::get)
                .description("Images in hand, in flight or waiting for a slot")
                .tag("model", model)
                .register(registry);
    }

    @Override
    public CompletableFuture<GenerationOutcome> generate(GenerationRequest request, GenerationObserver observer) {
        Timer.Sample sample = Timer.start(registry);
        inHand.incrementAndGet();
        try {
            return generator
                    .generate(request, counting(observer, request.partial()))
                    .whenComplete((outcome, failure) -> finish(sample));
        } catch (RuntimeException e) {
            finish(sample);
            throw e;
        }
    }

    private void finish(Timer.Sample sample) {
        inHand.decrementAndGet();
        sample.stop(images);
    }

    private GenerationObserver counting(GenerationObserver observer, PartialImage done) {
        return new GenerationObserver() {
            private int counted = done.tokensDone();

            @Override
            public void progressed(int tokensDone, int tokensTotal) {
                tokens.increment(Math.max(0, tokensDone - counted));
                counted = tokensDone;
                observer.progressed(tokensDone, tokensTotal);
            }

            @Override
            public void repeated(int tokens, Duration engineTime) {
                repeated.record(engineTime);
                observer.repeated(tokens, engineTime);
            }

            @Override
            public boolean stopRequested() {
                return observer.stopRequested();
            }
        };
    }
}
