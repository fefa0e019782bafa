package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.v1.Job;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobRequestParserTest {
    private static final Models MODELS = TestModels.both();

    @Test
    void shouldFillInEveryDefault() {
        // Given
        String body = "{\"prompt\":\"a slice of pizza\"}";

        // When
        JobRequest request = RequestBodies.parse(MODELS, body);

        // Then
        assertThat(request.model().name()).isEqualTo("tiny-text");
        assertThat(request.condition()).isEqualTo(new JobRequest.Prompt("a slice of pizza"));
        assertThat(request.negativePrompt()).isEmpty();
        assertThat(request.images()).isEqualTo(1);
        assertThat(request.seed()).isEqualTo(RequestBodies.SEED);
        assertThat(request.sampling().getGuidanceScale()).isEqualTo(3.5f);
        assertThat(request.sampling().getTemperature()).isEqualTo(0.9f);
        assertThat(request.sampling().getTopK()).isEqualTo(100);
        assertThat(request.sampling().getTopP()).isEqualTo(0.95f);
    }

    @Test
    void shouldTakeEveryFieldAtItsBounds() {
        // Given
        String body = """
            {"model":"tiny-text","prompt":"%s","negative_prompt":"","n":16,"size":"64x48",
             "seed":9007199254740991,"guidance_scale":1,"temperature":0,"top_k":1024,"top_p":1.0}\
            """.formatted("🍕".repeat(4000));

        // When
        JobRequest request = RequestBodies.parse(MODELS, body);

        // Then
        Job job = request.toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);
        assertThat(job.getPrompt()).hasSize(8000);
        assertThat(job.getImages()).isEqualTo(16);
        assertThat(job.getWidth()).isEqualTo(64);
        assertThat(job.getHeight()).isEqualTo(48);
        assertThat(job.getSeed()).isEqualTo(9007199254740991L);
        assertThat(job.getModelDigest()).isEqualTo("d1");
        assertThat(job.getSampling().getTemperature()).isZero();
        assertThat(job.getSampling().getTopK()).isEqualTo(1024);
    }

    @Test
    void shouldTakeAClassForAClassModel() {
        // Given
        String body = "{\"model\":\"tiny-class\",\"class\":9,\"size\":\"auto\",\"seed\":0}";

        // When
        JobRequest request = RequestBodies.parse(MODELS, body);

        // Then
        assertThat(request.condition()).isEqualTo(new JobRequest.ImageClass(9));
        assertThat(request.seed()).isZero();
    }

    @Test
    void shouldAskForAModelWhenThereIsNoDefault() {
        // Given
        Models models = new Models(List.of(TestModels.TEXT, TestModels.CLASS), Optional.empty());

        // When
        GatewayException problem = RequestBodies.refusal(models, "{\"prompt\":\"a\"}");

        // Then
        assertThat(problem.errors())
                .containsExactly(new FieldError("/model", "is missing; give one of [tiny-class, tiny-text]"));
    }

    @Test
    void shouldMeanTheOnlyModelThereIs() {
        // Given
        Models models = new Models(List.of(TestModels.CLASS), Optional.empty());

        // When
        JobRequest request = RequestBodies.parse(models, "{\"class\":3}");

        // Then
        assertThat(request.model()).isEqualTo(TestModels.CLASS);
    }

    @Test
    void shouldFindAllMistakesAtOnce() {
        // Given
        String body = """
            {"model":"none","prompt":"","n":0,"seed":"x","guidance_scale":NaN,"temperature":-1,
             "top_k":-1,"top_p":2,"extra":1}\
            """;

        // When
        GatewayException problem = RequestBodies.refusal(MODELS, body);

        // Then
        assertThat(problem.errors())
                .extracting(FieldError::field)
                .containsExactlyInAnyOrder(
                        "model", "prompt", "n", "seed", "guidance_scale", "temperature", "top_k", "top_p", "extra");
        assertThat(problem.detail()).startsWith("9 fields cannot be used: model, extra, prompt");
    }

    @Test
    void shouldNotRepeatWhatTheClientWrote() {
        // Given
        String body =
                "{\"prompt\":\"my secret\\u0001\",\"size\":\"my secret\",\"n\":\"my secret\",\"model\":\"my secret\"}";

        // When
        GatewayException problem = RequestBodies.refusal(MODELS, body);

        // Then
        assertThat(problem.errors()).hasSize(3).noneSatisfy(error -> assertThat(error.detail())
                .contains("secret"));
    }
}
