package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tessera.gateway.GatewayException.Reason;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.v1.Job;
import dev.tessera.v1.Unmasking;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobRequestParserTest {
    private static final long SEED = 4711;
    private final JobRequestParser parser = new JobRequestParser(TestModels.both(), 16, 4000, TestModels.EDITS);

    @Test
    void shouldFillInEveryDefault() {
        // Given
        String body = "{\"prompt\":\"a slice of pizza\"}";

        // When
        JobRequest request = parse(body);

        // Then
        assertThat(request.model().name()).isEqualTo("tiny-text");
        assertThat(request.condition()).isEqualTo(new JobRequest.Prompt("a slice of pizza"));
        assertThat(request.negativePrompt()).isEmpty();
        assertThat(request.images()).isEqualTo(1);
        assertThat(request.seed()).isEqualTo(SEED);
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
        JobRequest request = parse(body);

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
        JobRequest request = parse(body);

        // Then
        assertThat(request.condition()).isEqualTo(new JobRequest.ImageClass(9));
        assertThat(request.seed()).isZero();
    }

    @Test
    void shouldLetANextScaleModelGoWithoutGuidance() {
        // Given
        Models models = new Models(List.of(TestModels.NEXT_SCALE), Optional.empty());
        byte[] body = "{\"class\":9,\"guidance_scale\":0}".getBytes(StandardCharsets.UTF_8);

        // When
        JobRequest request =
                new JobRequestParser(models, 16, 4000, TestModels.EDITS).parse(Tenant.DEFAULT, body, () -> SEED);

        // Then
        assertThat(request.sampling().getGuidanceScale()).isZero();
        assertThat(request.sampling().getTopK()).isEqualTo(900);
        assertThat(TestModels.NEXT_SCALE.baseTokens()).isEqualTo(1 + 4 + 16);
    }

    private static JobRequest parseMasked(String body) {
        Models models = new Models(List.of(TestModels.MASKED), Optional.empty());
        return new JobRequestParser(models, 16, 4000, TestModels.EDITS)
                .parse(Tenant.DEFAULT, body.getBytes(StandardCharsets.UTF_8), () -> SEED);
    }

    private static JobRequest windowed(String body) {
        Models models = new Models(
                List.of(TestModels.WINDOWED, TestModels.UNCONDITIONAL, TestModels.MAPPED), Optional.of("tiny-windows"));
        return new JobRequestParser(models, 16, 4000, TestModels.EDITS)
                .parse(Tenant.DEFAULT, body.getBytes(StandardCharsets.UTF_8), () -> SEED);
    }

    @Test
    void shouldTakeAMaskedModelsStepsAndSchedule() {
        // When
        JobRequest request =
                parseMasked("{\"prompt\":\"a\",\"negative_prompt\":\"b\",\"steps\":24,\"schedule\":\"linear\"}");

        // Then
        Job job = request.toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);
        assertThat(job.getUnmasking().getSteps()).isEqualTo(24);
        assertThat(job.getUnmasking().getSchedule()).isEqualTo(Unmasking.Schedule.LINEAR);
        assertThat(job.getNegativePrompt()).isEqualTo("b");
    }

    @Test
    void shouldFillInAMaskedModelsOwnSteps() {
        // When
        Job job = parseMasked("{\"prompt\":\"a\"}").toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);

        // Then
        assertThat(job.getUnmasking().getSteps()).isEqualTo(12);
        assertThat(job.getUnmasking().getSchedule()).isEqualTo(Unmasking.Schedule.COSINE);
        assertThat(job.getSampling().getGuidanceScale()).isEqualTo(10);
        assertThat(job.getSampling().getTemperature()).isEqualTo(2);
    }

    @Test
    void shouldLeaveTheStepsOfOtherModelsAlone() {
        // When
        Job job = parse("{\"prompt\":\"a\"}").toJob("id", Tenant.DEFAULT, TestEvents.START, TestEvents.START);

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
        GatewayException problem = catchThrowableOfType(
                GatewayException.class, () -> parseMasked("{\"prompt\":\"a\",\"" + field + "\":" + value + "}"));

        // Then
        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo("/" + field);
            assertThat(error.detail()).contains(detail);
        });
    }

    @Test
    void shouldTakeAnySizeThatAWindowedModelMakes() {
        // When
        JobRequest request = windowed("{\"class\":9,\"size\":\"192x64\"}");

        // Then
        assertThat(request.size()).isEqualTo(new ImageSize(192, 64));
        Job job = request.toJob("j", new Tenant("acme"), Instant.EPOCH, Instant.EPOCH);
        assertThat(job.getWidth()).isEqualTo(192);
        assertThat(job.getHeight()).isEqualTo(64);
        assertThat(TestModels.WINDOWED.tokensPerImage(job)).isEqualTo(48);
        assertThat(windowed("{\"class\":9}").size()).isEqualTo(new ImageSize(64, 64));
        assertThat(windowed("{\"class\":9,\"size\":\"auto\"}").size()).isEqualTo(new ImageSize(64, 64));
    }

    @Test
    void shouldAskForNothingWhereAModelTakesNoCondition() {
        assertThat(windowed("{\"model\":\"tiny-anything\"}").condition()).isEqualTo(new JobRequest.Anything());
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
                .isThrownBy(() -> windowed(body))
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
                .isThrownBy(() -> windowed(body))
                .satisfies(e -> assertThat(e.errors())
                        .anySatisfy(error -> assertThat(error.pointer()).isEqualTo(pointer))
                        .anySatisfy(error -> assertThat(error.detail()).contains(detail)));
    }

    static List<Arguments> badFields() {
        return List.of(
                bad("{}", "/prompt", "is missing"),
                bad("{\"prompt\":\"\"}", "/prompt", "is empty"),
                bad("{\"prompt\":\" \\u2003 \"}", "/prompt", "is empty"),
                bad("{\"prompt\":\"" + "x".repeat(4001) + "\"}", "/prompt", "4001 characters; give at most 4000"),
                bad("{\"prompt\":\"" + "x".repeat(100_000) + "\"}", "/prompt", "100000 characters"),
                bad("{\"prompt\":\"a\\u0000b\"}", "/prompt", "control characters"),
                bad("{\"prompt\":\"a\\nb\"}", "/prompt", "control characters"),
                bad("{\"prompt\":\"a\\u0085b\"}", "/prompt", "control characters"),
                bad("{\"prompt\":\"a\\ud800\"}", "/prompt", "surrogate"),
                bad("{\"prompt\":7}", "/prompt", "is 7; give text"),
                bad("{\"prompt\":null}", "/prompt", "is null; give text"),
                bad("{\"prompt\":[\"a\"]}", "/prompt", "is an array; give text"),
                bad("{\"prompt\":{\"a\":[1,{}]}}", "/prompt", "is an object; give text"),
                bad("{\"prompt\":\"a\",\"prompt\":\"b\"}", "/prompt", "more than once"),
                bad("{\"prompt\":\"a\",\"class\":1}", "/class", "not for a text model"),
                bad("{\"prompt\":\"a\",\"negative_prompt\":\" \"}", "/negative_prompt", "is empty"),
                bad("{\"prompt\":\"a\",\"negative_prompt\":\"\\u0007\"}", "/negative_prompt", "control"),
                bad("{\"prompt\":\"a\",\"n\":0}", "/n", "is 0; give an integer from 1 to 16"),
                bad("{\"prompt\":\"a\",\"n\":17}", "/n", "is 17"),
                bad("{\"prompt\":\"a\",\"n\":-1}", "/n", "is -1"),
                bad("{\"prompt\":\"a\",\"n\":1.0}", "/n", "is 1.0; give an integer"),
                bad("{\"prompt\":\"a\",\"n\":1e1}", "/n", "is 10.0; give an integer"),
                bad("{\"prompt\":\"a\",\"n\":\"2\"}", "/n", "is text; give an integer"),
                bad("{\"prompt\":\"a\",\"n\":true}", "/n", "is true"),
                bad("{\"prompt\":\"a\",\"n\":4294967297}", "/n", "is 4294967297"),
                bad("{\"prompt\":\"a\",\"size\":\"65x48\"}", "/size", "give 64x48"),
                bad("{\"prompt\":\"a\",\"size\":64}", "/size", "is 64; give text"),
                bad("{\"prompt\":\"a\",\"seed\":-1}", "/seed", "from 0 to 9007199254740991"),
                bad("{\"prompt\":\"a\",\"seed\":9007199254740992}", "/seed", "from 0 to"),
                bad("{\"prompt\":\"a\",\"seed\":" + "9".repeat(300) + "}", "/seed", "from 0 to"),
                bad("{\"prompt\":\"a\",\"seed\":1.5}", "/seed", "an integer"),
                bad("{\"prompt\":\"a\",\"guidance_scale\":NaN}", "/guidance_scale", "is NaN; give a number"),
                bad("{\"prompt\":\"a\",\"guidance_scale\":Infinity}", "/guidance_scale", "is Infinity"),
                bad("{\"prompt\":\"a\",\"guidance_scale\":-Infinity}", "/guidance_scale", "is -Infinity"),
                bad("{\"prompt\":\"a\",\"guidance_scale\":1e999}", "/guidance_scale", "is Infinity"),
                bad("{\"prompt\":\"a\",\"guidance_scale\":0.5}", "/guidance_scale", "from 1 up to 100"),
                bad("{\"prompt\":\"a\",\"guidance_scale\":100.5}", "/guidance_scale", "from 1 up to 100"),
                bad("{\"prompt\":\"a\",\"temperature\":-0.1}", "/temperature", "from 0 up to 10"),
                bad("{\"prompt\":\"a\",\"temperature\":NaN}", "/temperature", "is NaN"),
                bad("{\"prompt\":\"a\",\"top_k\":-1}", "/top_k", "from 0 to 1024"),
                bad("{\"prompt\":\"a\",\"top_k\":1025}", "/top_k", "from 0 to 1024"),
                bad("{\"prompt\":\"a\",\"top_k\":NaN}", "/top_k", "is NaN; give an integer"),
                bad("{\"prompt\":\"a\",\"top_p\":0}", "/top_p", "above 0 up to 1"),
                bad("{\"prompt\":\"a\",\"top_p\":1e-60}", "/top_p", "above 0 up to 1"),
                bad("{\"prompt\":\"a\",\"top_p\":1.01}", "/top_p", "above 0 up to 1"),
                bad("{\"prompt\":\"a\",\"model\":\"none\"}", "/model", "give one of [tiny-class, tiny-text]"),
                bad("{\"prompt\":\"a\",\"model\":3}", "/model", "is 3; give text"),
                bad(
                        "{\"prompt\":\"a\",\"steps\":5}",
                        "/steps",
                        "is not a field of tiny-text; leave it out. Fields are [model, prompt,"),
                bad("{\"prompt\":\"a\",\"schedule\":\"cosine\"}", "/schedule", "is not a field of tiny-text"),
                bad("{\"prompt\":\"a\",\"a/b~c\":5}", "/a~1b~0c", "is not a field"),
                bad("{\"prompt\":\"a\",\"\":5}", "/", "is not a field"),
                bad(
                        "{\"model\":\"tiny-class\",\"class\":1,\"steps\":5}",
                        "/steps",
                        "Fields are [model, class, mask, from, strength, n, size, seed, guidance_scale, temperature,"
                                + " top_k, top_p]"),
                bad(
                        "{\"model\":\"tiny-class\",\"class\":1,\"prompt\":\"a\"}",
                        "/prompt",
                        "Fields of tiny-class are [model, class, mask, from, strength, n, size, seed, guidance_scale,"
                                + " temperature, top_k, top_p]"),
                bad(
                        "{\"prompt\":\"a\",\"class\":1}",
                        "/class",
                        "Fields of tiny-text are [model, prompt, negative_prompt, image, mask, from, strength, n, "),
                bad("{\"model\":\"tiny-class\"}", "/class", "is missing"),
                bad("{\"model\":\"tiny-class\",\"class\":10}", "/class", "from 0 to 9"),
                bad("{\"model\":\"tiny-class\",\"class\":-1}", "/class", "from 0 to 9"),
                bad("{\"model\":\"tiny-class\",\"class\":\"cat\"}", "/class", "is text; give an integer"),
                bad("{\"model\":\"tiny-class\",\"class\":1,\"prompt\":\"a\"}", "/prompt", "not for a class model"),
                bad(
                        "{\"model\":\"tiny-class\",\"class\":1,\"negative_prompt\":\"a\"}",
                        "/negative_prompt",
                        "not for a class model"));
    }

    @ParameterizedTest
    @MethodSource("badFields")
    void shouldNameTheFieldAndTheFix(String body, String pointer, String detail) {
        // When
        GatewayException problem = refusal(body);

        // Then
        assertThat(problem.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo(pointer);
            assertThat(error.detail()).contains(detail);
        });
    }

    @Test
    void shouldFindAllMistakesAtOnce() {
        // Given
        String body = """
            {"model":"none","prompt":"","n":0,"seed":"x","guidance_scale":NaN,"temperature":-1,
             "top_k":-1,"top_p":2,"extra":1}\
            """;

        // When
        GatewayException problem = refusal(body);

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
        GatewayException problem = refusal(body);

        // Then
        assertThat(problem.errors()).hasSize(3).noneSatisfy(error -> assertThat(error.detail())
                .contains("secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "\"prompt\"",
                "[]",
                "[{\"prompt\":\"a\"}]",
                "{",
                "{\"prompt\":\"a\"",
                "{\"prompt\":\"a\"}}",
                "{\"prompt\":\"a\"} {}",
                "{\"prompt\":\"a\",}",
                "{'prompt':'a'}",
                "{prompt:\"a\"}",
                "{\"prompt\":}",
                "{\"prompt\":\"a\" \"n\":1}",
                "{\"prompt\":\"a\nb\"}",
                "{\"n\":01,\"prompt\":\"a\"}",
                "{\"n\":+1,\"prompt\":\"a\"}",
                "{\"prompt\":\"a\"} // why",
                "prompt=a"
            })
    void shouldRefuseWhatIsNotAJsonObject(String body) {
        // When
        GatewayException problem = refusal(body);

        // Then
        assertThat(problem.reason()).isEqualTo(Reason.MALFORMED_JSON);
        assertThat(problem.errors())
                .singleElement()
                .extracting(FieldError::pointer)
                .isEqualTo("");
    }

    @Test
    void shouldRefuseNestingAndNumbersThatWouldExhaustTheReader() {
        // Given
        String deep = "{\"prompt\":" + "[".repeat(20_000);
        String longNumber = "{\"seed\":" + "9".repeat(20_000) + "}";

        // When
        List<Reason> reasons =
                List.of(refusal(deep).reason(), refusal(longNumber).reason());

        // Then
        assertThat(reasons).containsOnly(Reason.MALFORMED_JSON);
    }

    @Test
    void shouldRefuseABodyThatIsNotUtf8() {
        // Given
        byte[] body = "{\"prompt\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        // When
        GatewayException problem =
                catchThrowableOfType(GatewayException.class, () -> parser.parse(Tenant.DEFAULT, body, () -> SEED));

        // Then
        assertThat(problem.detail()).contains("UTF-8");
    }

    @Test
    void shouldAskForAModelWhenThereIsNoDefault() {
        // Given
        Models models = new Models(List.of(TestModels.TEXT, TestModels.CLASS), Optional.empty());
        JobRequestParser undecided = new JobRequestParser(models, 16, 4000, TestModels.EDITS);

        // When
        GatewayException problem = catchThrowableOfType(
                GatewayException.class,
                () -> undecided.parse(
                        Tenant.DEFAULT, "{\"prompt\":\"a\"}".getBytes(StandardCharsets.UTF_8), () -> SEED));

        // Then
        assertThat(problem.errors())
                .containsExactly(new FieldError("/model", "is missing; give one of [tiny-class, tiny-text]"));
    }

    @Test
    void shouldMeanTheOnlyModelThereIs() {
        // Given
        Models models = new Models(List.of(TestModels.CLASS), Optional.empty());
        JobRequestParser single = new JobRequestParser(models, 16, 4000, TestModels.EDITS);

        // When
        JobRequest request = single.parse(Tenant.DEFAULT, "{\"class\":3}".getBytes(StandardCharsets.UTF_8), () -> SEED);

        // Then
        assertThat(request.model()).isEqualTo(TestModels.CLASS);
    }

    private static Arguments bad(String body, String pointer, String detail) {
        return Arguments.of(body, pointer, detail);
    }

    private JobRequest parse(String body) {
        return parser.parse(Tenant.DEFAULT, body.getBytes(StandardCharsets.UTF_8), () -> SEED);
    }

    private GatewayException refusal(String body) {
        GatewayException refusal = catchThrowableOfType(GatewayException.class, () -> parse(body));
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
