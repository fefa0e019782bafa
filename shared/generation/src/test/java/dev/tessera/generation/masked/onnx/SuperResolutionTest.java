package dev.tessera.generation.masked.onnx;

import static dev.tessera.generation.EngineAssertions.assertSameAloneAndTogether;
import static dev.tessera.generation.Outcomes.tokens;
import static dev.tessera.generation.Requests.NOBODY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.protobuf.ByteString;
import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.masked.MaskedEngine;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.onnx.GraphOptions;
import dev.tessera.pipeline.Stage;
import dev.tessera.testmodels.TinyAmused;
import dev.tessera.testmodels.TinyMuse;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import dev.tessera.v1.TextStates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Muse's super-resolution against values of an independent PyTorch implementation, which hoists nothing. */
@Timeout(300)
class SuperResolutionTest {
    private static final GraphOptions OPTIONS = GraphOptions.defaults();
    private static final int TOKENS = 24;

    private final Path folder;

    SuperResolutionTest(@TempDir Path folder) {
        this.folder = folder;
    }

    static Stream<TinyMuse> models() {
        return Stream.of(TinyMuse.layered(), TinyMuse.plain());
    }

    private static GenerationEngine engine(ModelBundle bundle, int slots) {
        return MaskedEngine.of(
                Stage.SUPERRES,
                bundle.name(),
                OnnxMaskedModel.openSuperResolution(bundle, 2 * slots, OPTIONS),
                slots,
                Duration.ofSeconds(30));
    }

    /** @param topK 1 for the likeliest tokens */
    private static GenerationRequest request(
            ModelBundle bundle, TinyMuse tiny, int image, TokenGrid base, int topK, long seed) {
        return GenerationRequest.upscaling(
                bundle.manifest().superres().orElseThrow(),
                Job.newBuilder()
                        .setSeed(seed)
                        .setSampling(Sampling.newBuilder().setTopK(topK).setTopP(1))
                        .build(),
                0,
                base,
                text(tiny.states(image)),
                text(tiny.negativeStates(image)));
    }

    private static Conditioning text(float[] states) {
        ByteBuffer bytes = ByteBuffer.allocate(states.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(states);
        return Conditioning.newBuilder()
                .setText(TextStates.newBuilder()
                        .setTokens(TOKENS)
                        .setWidth(states.length / TOKENS)
                        .setFloats(ByteString.copyFrom(bytes)))
                .build();
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldDrawTheGreedyTokensOfTheReference(TinyMuse tiny) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");

        // When
        try (var engine = engine(bundle, 2)) {
            List<CompletableFuture<GenerationOutcome>> images = IntStream.range(0, tiny.images())
                    .mapToObj(image ->
                            engine.generate(request(bundle, tiny, image, tiny.baseTokens(image), 1, 1), NOBODY))
                    .toList();

            // Then
            for (int image = 0; image < tiny.images(); image++) {
                assertThat(tokens(images.get(image))).isEqualTo(tiny.tokens(image));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void shouldMakeTheSameImageAloneAndAmongOthersThatComeAndGo(TinyMuse tiny) {
        // Given
        ModelBundle bundle = tiny.importTo(folder.resolve("tiny"), "tiny");
        try (var engine = engine(bundle, 5)) {
            List<GenerationRequest> requests = IntStream.range(0, 16)
                    .mapToObj(i -> request(bundle, tiny, i % 2, tiny.baseTokens(i / 2 % 2), i % 3 == 0 ? 9 : 0, i))
                    .toList();

            // When, Then
            assertSameAloneAndTogether(engine, requests);
        }
    }

    @Test
    void shouldRefuseABundleWithoutTheStage() {
        // Given
        ModelBundle bundle = TinyAmused.plain().importTo(folder.resolve("tiny"), "tiny");

        // When, Then
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OnnxMaskedModel.openSuperResolution(bundle, 2, OPTIONS))
                .withMessage("tiny has no super-resolution");
    }
}
