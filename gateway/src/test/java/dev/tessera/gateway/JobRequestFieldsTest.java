package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.gateway.GatewayException.Reason;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each field that cannot be used is named, with what to do. */
class JobRequestFieldsTest {
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
        GatewayException problem = RequestBodies.refusal(TestModels.both(), body);

        // Then
        assertThat(problem.reason()).isEqualTo(Reason.INVALID_REQUEST);
        assertThat(problem.errors()).singleElement().satisfies(error -> {
            assertThat(error.pointer()).isEqualTo(pointer);
            assertThat(error.detail()).contains(detail);
        });
    }

    private static Arguments bad(String body, String pointer, String detail) {
        return Arguments.of(body, pointer, detail);
    }
}
