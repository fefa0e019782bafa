package dev.tessera.generation;

import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.Drawing;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What holds of every engine. */
public final class EngineAssertions {
    private EngineAssertions() {}

    /** Each image is the same alone and among the others, and no two of them are alike. */
    public static void assertSameAloneAndTogether(GenerationEngine engine, List<GenerationRequest> requests) {
        List<Drawing> alone = requests.stream()
                .map(request -> Outcomes.drawing(engine.generate(request, NOBODY)))
                .toList();
        List<CompletableFuture<GenerationOutcome>> together = requests.stream()
                .map(request -> engine.generate(request, NOBODY))
                .toList();
        assertThat(together.stream().map(Outcomes::drawing)).containsExactlyElementsOf(alone);
        assertThat(alone).doesNotHaveDuplicates();
    }
}
