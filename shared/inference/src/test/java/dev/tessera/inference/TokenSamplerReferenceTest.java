package dev.tessera.inference;

import static dev.tessera.inference.ImageRandom.Purpose.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against tokens drawn by {@code src/test/python/make_sampling_reference.py}, which sorts where this code bins. */
class TokenSamplerReferenceTest {
    record Reference(List<Case> cases) {}

    record Case(
            BigInteger seed,
            int vocabulary,
            float guidanceScale,
            float temperature,
            int topK,
            float topP,
            boolean rounded,
            int kept,
            List<Draw> draws) {}

    record Draw(int position, int token) {}

    static List<Case> cases() throws IOException {
        try (InputStream json = Objects.requireNonNull(
                TokenSamplerReferenceTest.class.getResourceAsStream("/sampling/reference.json"), "reference.json")) {
            return new ObjectMapper().readValue(json, Reference.class).cases();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldDrawTheTokensOfTheReference(Case reference) {
        // Given
        var parameters = new SamplingParameters(
                reference.guidanceScale(), reference.temperature(), reference.topK(), reference.topP());
        float[] rows = new float[2 * reference.vocabulary()];
        fill(reference, rows, 0, 1);
        fill(reference, rows, 1, 2);
        var sampler = new TokenSampler(reference.vocabulary());
        var random = new ImageRandom(reference.seed().longValue(), 3);

        // When
        List<Draw> drawn = reference.draws().stream()
                .map(draw -> new Draw(draw.position(), draw(sampler, rows, parameters, random, draw.position())))
                .toList();

        // Then
        assertThat(drawn).isNotEmpty().isEqualTo(reference.draws());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldKeepAsManyCandidatesAsTheReference(Case reference) {
        // Given
        int vocabulary = reference.vocabulary();
        float[] rows = new float[2 * vocabulary];
        fill(reference, rows, 0, 1);
        fill(reference, rows, 1, 2);
        float[] logits = mixed(reference, rows);
        float largest = logits[0];
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        var candidates = new Candidates(vocabulary);

        // When
        candidates.selectTopK(logits, reference.topK(), largest);
        candidates.weigh(largest);
        candidates.selectTopP(reference.topP(), largest);

        // Then
        assertThat(candidates.size()).isEqualTo(reference.kept());
    }

    private static int draw(
            TokenSampler sampler, float[] rows, SamplingParameters parameters, ImageRandom random, int position) {
        double uniform = random.uniform(TOKEN, position, 0);
        return parameters.guided()
                ? sampler.drawGuided(TokenSamplerTest.direct(rows), 0, 1, parameters, uniform)
                : sampler.draw(TokenSamplerTest.direct(rows), 0, parameters, uniform);
    }

    private static float[] mixed(Case reference, float[] rows) {
        int vocabulary = reference.vocabulary();
        float[] mixed = Arrays.copyOf(rows, vocabulary);
        for (int i = 0; i < vocabulary; i++) {
            if (reference.guidanceScale() > 1) {
                float u = rows[vocabulary + i];
                mixed[i] = u + (mixed[i] - u) * reference.guidanceScale();
            }
            mixed[i] /= reference.temperature();
        }
        return mixed;
    }

    private static void fill(Case reference, float[] rows, int row, int image) {
        var random = new ImageRandom(reference.seed().longValue(), image);
        for (int i = 0; i < reference.vocabulary(); i++) {
            double sum = random.uniform(TOKEN, i, 0) + random.uniform(TOKEN, i, 1);
            float logit = (float) ((sum + random.uniform(TOKEN, i, 2) + random.uniform(TOKEN, i, 3) - 2.0) * 4);
            rows[row * reference.vocabulary() + i] = reference.rounded() ? (float) Math.rint(logit) : logit;
        }
    }
}
