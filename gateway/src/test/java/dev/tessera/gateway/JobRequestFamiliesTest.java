package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.v1.Job;
import dev.tessera.v1.Unmasking;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests for models of some families alone may say. */
class JobRequestFamiliesTest {
    private static final Models NEXT_SCALE = new Models(List.of(TestModels.NEXT_SCALE), Optional.empty());
    private static final Models MASKED = new Models(List.of(TestModels.MASKED), Optional.empty());
    private static final Models WINDOWED = new Models(
            List.of(TestModels.WINDOWED, TestModels.UNCONDITIONAL, TestModels.MAPPED), Optional.of("tiny-windows"));

    @Test
    void shouldLetANextScaleModelGoWithoutGuidance() {
        // Given
        String body = "{\"class\":9,\"guidance_scale\":0}";

        // When
        JobRequest request = RequestBodies.parse(NEXT_SCALE, body);

        // Then
        assertThat(request.sampling().getGuidanceScale()).isZero();
        assertThat(request.sampling().getTopK()).isEqualTo(900);
        assertThat(TestModels.NEXT_SCALE.baseTokens()).isEqualTo(1 + 4 + 16);
    }

    @Test
    void shouldBlendCodesWhereANextScaleModelIsAskedTo() {
        // When
        JobRequest smooth = RequestBodies.parse(NEXT_SCALE, "{\"class\":9,\"more_smooth\":true}");
        JobRequest drawn = RequestBodies.parse(NEXT_SCALE, "{\"class\":9,\"more_smooth\":false}");

        // Then
        Job job = smooth.toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);
        assertThat(job.getSampling().getMoreSmooth()).isTrue();
        assertThat(drawn.sampling())
                .isEqualTo(RequestBodies.parse(NEXT_SCALE, "{\"class\":9}").sampling());
    }

    @Test
    void shouldNameMoreSmoothWhereItIsNoTruthOrTheModelBlendsNothing() {
        refusesMoreSmooth(NEXT_SCALE, "{\"class\":9,\"more_smooth\":1}", "is 1; give true or false");
        refusesMoreSmooth(
                TestModels.both(), "{\"prompt\":\"a\",\"more_smooth\":true}", "is not for this model; leave it out");
        refusesMoreSmooth(MASKED, "{\"prompt\":\"a\",\"more_smooth\":true}", "is not for this model; leave it out");
        refusesMoreSmooth(WINDOWED, "{\"class\":9,\"more_smooth\":true}", "is not for this model; leave it out");
    }

    private static void refusesMoreSmooth(Models models, String body, String detail) {
        GatewayException problem = RequestBodies.refusal(models, body);
        assertThat(problem.reason()).isEqualTo(GatewayException.Reason.INVALID_REQUEST);
        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo("/more_smooth");
            assertThat(error.detail()).contains(detail);
        });
    }

    @Test
    void shouldTakeAMaskedModelsStepsAndSchedule() {
        // When
        JobRequest request = RequestBodies.parse(
                MASKED, "{\"prompt\":\"a\",\"negative_prompt\":\"b\",\"steps\":24,\"schedule\":\"linear\"}");

        // Then
        Job job = request.toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);
        assertThat(job.getUnmasking().getSteps()).isEqualTo(24);
        assertThat(job.getUnmasking().getSchedule()).isEqualTo(Unmasking.Schedule.LINEAR);
        assertThat(job.getNegativePrompt()).isEqualTo("b");
    }

    @Test
    void shouldFillInAMaskedModelsOwnSteps() {
        // When
        Job job = RequestBodies.parse(MASKED, "{\"prompt\":\"a\"}")
                .toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);

        // Then
        assertThat(job.getUnmasking().getSteps()).isEqualTo(12);
        assertThat(job.getUnmasking().getSchedule()).isEqualTo(Unmasking.Schedule.COSINE);
        assertThat(job.getSampling().getGuidanceScale()).isEqualTo(10);
        assertThat(job.getSampling().getTemperature()).isEqualTo(2);
    }

    @Test
    void shouldLeaveTheStepsOfOtherModelsAlone() {
        // When
        Job job = RequestBodies.parse(TestModels.both(), "{\"prompt\":\"a\"}")
                .toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);

        // Then
        assertThat(job.hasUnmasking()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "steps, 0, 'is 0; give an integer from 1 to 1000'",
        "steps, 1001, 'is 1001; give an integer from 1 to 1000'",
        "steps, 1.5, 'give an integer'",
        "schedule, '\"square\"', 'is not known; give one of [cosine, linear]'",
        "schedule, 7, 'is 7; give text'",
        "class, 7, 'is not for a text model'"
    })
    void shouldNameTheFieldsThatAMaskedModelCannotUse(String field, String value, String detail) {
        // When
        GatewayException problem = RequestBodies.refusal(MASKED, "{\"prompt\":\"a\",\"" + field + "\":" + value + "}");

        // Then
        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo("/" + field);
            assertThat(error.detail()).contains(detail);
        });
    }

    @Test
    void shouldTakeAnySizeThatAWindowedModelMakes() {
        // When
        JobRequest request = RequestBodies.parse(WINDOWED, "{\"class\":9,\"size\":\"192x64\"}");

        // Then
        assertThat(request.size()).isEqualTo(new ImageSize(192, 64));
        Job job = request.toJob("j", new Tenant("acme"), Instant.EPOCH, Instant.EPOCH);
        assertThat(job.getWidth()).isEqualTo(192);
        assertThat(job.getHeight()).isEqualTo(64);
        assertThat(TestModels.WINDOWED.tokensPerImage(job)).isEqualTo(48);
        assertThat(RequestBodies.parse(WINDOWED, "{\"class\":9}").size()).isEqualTo(new ImageSize(64, 64));
        assertThat(RequestBodies.parse(WINDOWED, "{\"class\":9,\"size\":\"auto\"}")
                        .size())
                .isEqualTo(new ImageSize(64, 64));
    }

    @Test
    void shouldAskForNothingWhereAModelTakesNoCondition() {
        assertThat(RequestBodies.parse(WINDOWED, "{\"model\":\"tiny-anything\"}")
                        .condition())
                .isEqualTo(new JobRequest.Anything());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"class\":9,\"size\":\"192x80\"} | /size | multiples of 16 and 16, at least 64x64 and at most 48 times 16x16",
                "{\"class\":9,\"size\":\"48x64\"} | /size | at least 64x64",
                "{\"class\":9,\"size\":\"65x64\"} | /size | multiples of 16",
                "{\"class\":9,\"size\":\"064x64\"} | /size | multiples of 16",
                "{\"class\":9,\"size\":\"999999x64\"} | /size | multiples of 16",
                "{\"class\":9,\"guidance_scale\":3} | /guidance_scale | Fields of tiny-windows are [model, class, image, mask, from, strength, n, size, seed, temperature, top_k, top_p]",
                "{\"model\":\"tiny-anything\",\"class\":9} | /class | Fields of tiny-anything are [model, image, mask, from, strength, n, size, seed, temperature, top_k, top_p]",
                "{\"model\":\"tiny-anything\",\"prompt\":\"a\"} | /prompt | is not for this model",
                "{\"model\":\"tiny-anything\",\"negative_prompt\":\"a\"} | /negative_prompt | is not for this model",
                "{\"model\":\"tiny-maps\"} | /condition | is missing; give a grey PNG of 8 bits in which each pixel is its depth"
            })
    void shouldListWhatAWindowedModelKnows(String body, String pointer, String detail) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> RequestBodies.parse(WINDOWED, body))
                .satisfies(e -> assertThat(e.errors())
                        .singleElement()
                        .satisfies(error -> assertThat(error.pointer()).isEqualTo(pointer))
                        .satisfies(error -> assertThat(error.detail()).contains(detail)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"tiny-windows\",\"class\":1,\"resample\":0.1} | /resample | is not for this model; leave it out",
            })
    void shouldRefuseMaskFreeEditingOfOtherFamilies(String body, String pointer, String detail) {
        assertThatExceptionOfType(GatewayException.class)
                .isThrownBy(() -> RequestBodies.parse(WINDOWED, body))
                .satisfies(e -> assertThat(e.errors())
                        .anySatisfy(error -> assertThat(error.pointer()).isEqualTo(pointer))
                        .anySatisfy(error -> assertThat(error.detail()).contains(detail)));
    }
}
