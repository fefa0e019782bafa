package dev.tessera.generator.onnx;

import static dev.tessera.generation.Outcomes.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Outcomes;
import dev.tessera.generation.WantedUntil;
import dev.tessera.generator.GeneratorEngines;
import dev.tessera.generator.TinyModel;
import dev.tessera.inference.ImageRandom;
import dev.tessera.inference.SamplingParameters;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.onnx.Device;
import dev.tessera.inference.onnx.GraphOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(120)
class OnnxNextTokenModelTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults();

    private final Path folder;

    OnnxNextTokenModelTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldMakeTheGreedySequencesOfTheReferenceForClasses(Device device) {
        // Given
        TinyModel tiny = TinyModel.classes(folder.resolve("tiny"));

        // When, Then
        assertThat(greedyTogether(tiny, device)).isEqualTo(expected(tiny));
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldMakeTheGreedySequencesOfTheReferenceForPromptsOfDifferentLengths(Device device) {
        // Given
        TinyModel tiny = TinyModel.text(folder.resolve("tiny"));

        // When, Then
        assertThat(greedyTogether(tiny, device)).isEqualTo(expected(tiny));
    }

    @ParameterizedTest
    @EnumSource(names = {"CPU", "CPU_BOUND"})
    void shouldMakeTheSameImageAloneAndWithFifteenOthersThatComeAndGo(Device device) {
        // Given
        TinyModel tiny = TinyModel.text(folder.resolve("tiny"));
        GenerationRequest request = drawn(tiny, 2, 7);
        TokenGrid alone = generate(tiny, 16, Device.CPU, List.of(request)).getFirst();

        // When: the others stop after different numbers of tokens, and new ones take their places
        List<TokenGrid> together = new ArrayList<>();
        try (var generator = generator(tiny, 16, device)) {
            List<CompletableFuture<GenerationOutcome>> others = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                others.add(generator.generate(drawn(tiny, i % 4, 100 + i), new WantedUntil(3 + 5 * i)));
            }
            for (int i = 0; i < 3; i++) {
                others.add(generator.generate(drawn(tiny, i, 300 + i), new WantedUntil(1000)));
                together.add(tokens(generator.generate(request, new WantedUntil(1000))));
                others.add(generator.generate(drawn(tiny, 3 - i, 200 + i), new WantedUntil(17 * i + 1)));
            }
            var all = new ArrayList<CompletableFuture<GenerationOutcome>>();
            for (int i = 0; i < 40; i++) {
                all.add(generator.generate(i % 10 == 0 ? request : drawn(tiny, i % 4, i), new WantedUntil(5 + i * 2)));
            }
            all.add(generator.generate(request, new WantedUntil(1000)));
            together.add(tokens(all.getLast()));
            CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).join();
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        }

        // Then
        assertThat(together).hasSize(4).allSatisfy(tokens -> assertThat(tokens).isEqualTo(alone));
    }

    private static List<TokenGrid> greedyTogether(TinyModel tiny, Device device) {
        var greedy = new SamplingParameters(tiny.guidance(), 0, 0, 1);
        List<GenerationRequest> requests = IntStream.range(0, 4 * tiny.sequences())
                .mapToObj(i -> new GenerationRequest(
                        tiny.condition(i % tiny.sequences()), new Condition.None(), greedy, new ImageRandom(i, 0)))
                .toList();
        // Fewer slots than images, so that rows are at different positions and are used again.
        return generate(tiny, 5, device, requests);
    }

    private static List<TokenGrid> expected(TinyModel tiny) {
        return IntStream.range(0, 4 * tiny.sequences())
                .mapToObj(i -> tiny.expected(i % tiny.sequences()))
                .toList();
    }

    private static GenerationRequest drawn(TinyModel tiny, int sequence, int seed) {
        return new GenerationRequest(
                tiny.condition(sequence),
                new Condition.None(),
                new SamplingParameters(seed % 3 == 0 ? 1 : 4, 1, seed % 2 == 0 ? 0 : 20, 1),
                new ImageRandom(seed, seed % 4));
    }

    private static List<TokenGrid> generate(
            TinyModel tiny, int slots, Device device, List<GenerationRequest> requests) {
        try (var generator = generator(tiny, slots, device)) {
            var outcomes = IntStream.range(0, requests.size())
                    .mapToObj(i -> generator.generate(requests.get(i), new WantedUntil(1000)))
                    .toList();
            return outcomes.stream().map(Outcomes::tokens).toList();
        }
    }

    private static GenerationEngine generator(TinyModel tiny, int slots, Device device) {
        var model = OnnxNextTokenModel.open(tiny.bundle(), 2 * slots, OPTIONS.withDevice(device));
        return new GeneratorEngines("tiny", slots, Duration.ofSeconds(30)).nextToken(model);
    }
}
