package dev.tessera.generator;

import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Grid;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;

/** An engine of a fake next-token model, with four slots. */
abstract class NextTokenFixture {
    static final int TOKENS = 16;

    final FakeNextTokenModel model = new FakeNextTokenModel(8, 1, new Grid(4, 4), new ClassConditioning(10));
    final GenerationEngine generator = new GeneratorEngines("fake", 4, Duration.ofSeconds(30)).nextToken(model);

    @AfterEach
    void close() {
        model.permits.release(1_000_000);
        generator.close();
    }

    /** What it cost differs from time to time. */
    static TokenGrid tokens(CompletableFuture<GenerationOutcome> outcome) {
        return ((GenerationOutcome.Completed) outcome.join()).tokens();
    }
}
