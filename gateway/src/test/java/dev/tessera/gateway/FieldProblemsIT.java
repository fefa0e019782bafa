package dev.tessera.gateway;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import dev.tessera.testkit.TesseraTestResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
@QuarkusTestResource(TesseraTestResource.class)
@QuarkusTestResource(BundleResource.class)
class FieldProblemsIT extends ProblemsFixture {
    static List<Arguments> badFields() {
        return List.of(
                Arguments.of("{\"prompt\":\"\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"" + "x".repeat(100 * 1024) + "\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"a\\u0000\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"a\",\"n\":0}", "/n"),
                Arguments.of("{\"prompt\":\"a\",\"n\":1000000000000}", "/n"),
                Arguments.of("{\"prompt\":\"a\",\"size\":\"512x512\"}", "/size"),
                Arguments.of("{\"prompt\":\"a\",\"guidance_scale\":NaN}", "/guidance_scale"),
                Arguments.of("{\"prompt\":\"a\",\"guidance_scale\":-Infinity}", "/guidance_scale"),
                Arguments.of("{\"prompt\":\"a\",\"temperature\":\"hot\"}", "/temperature"),
                Arguments.of("{\"prompt\":\"a\",\"top_k\":1.5}", "/top_k"),
                Arguments.of("{\"prompt\":\"a\",\"top_p\":0}", "/top_p"),
                Arguments.of("{\"prompt\":\"a\",\"seed\":-1}", "/seed"),
                Arguments.of("{\"prompt\":\"a\",\"model\":\"dall-e-3\"}", "/model"),
                Arguments.of("{\"prompt\":\"a\",\"steps\":20}", "/steps"),
                Arguments.of("{\"prompt\":\"a\",\"prompt\":\"b\"}", "/prompt"),
                Arguments.of("{\"prompt\":\"a\",\"class\":1}", "/class"),
                Arguments.of("{\"model\":\"tiny-class\",\"class\":1,\"prompt\":\"a\"}", "/prompt"),
                Arguments.of("{\"model\":\"tiny-class\",\"class\":10}", "/class"),
                Arguments.of("{\"prompt\":\"a\",\"strength\":0.5}", "/strength"),
                Arguments.of("{\"prompt\":\"a\",\"from\":\"" + NO_JOB + "/images/0\"}", "/from"),
                Arguments.of(image(Pngs.bomb(50_000, 50_000)), "/image"),
                Arguments.of(image(Arrays.copyOf(Pngs.picture(64, 48), 150)), "/image"),
                Arguments.of(image(Pngs.picture(65, 48)), "/image"),
                Arguments.of(image(Pngs.animated(64, 48)), "/image"),
                Arguments.of(image(Pngs.cmykJpeg()), "/image"),
                Arguments.of(image(Pngs.jpeg(64, 48)), "/image"),
                Arguments.of(image(new byte[2_200_000]), "/image"),
                Arguments.of(mask(Pngs.mask(48, 64)), "/mask"),
                Arguments.of(mask(Pngs.picture(64, 48)), "/mask"),
                Arguments.of(mask(Pngs.opaque(64, 48)), "/mask"));
    }

    private static String image(byte[] file) {
        return "{\"prompt\":\"a\",\"image\":\"" + Pngs.base64(file) + "\"}";
    }

    private static String mask(byte[] file) {
        return "{\"prompt\":\"a\",\"image\":\"" + Pngs.base64(Pngs.picture(64, 48)) + "\",\"mask\":\""
                + Pngs.base64(file) + "\"}";
    }

    @ParameterizedTest
    @MethodSource("badFields")
    void shouldNameTheFieldThatIsWrong(String body, String pointer) {
        // When
        Response response = json(body).post("/v1/jobs");

        // Then
        problem(response, 400, "invalid_request")
                .body("errors.pointer", equalTo(List.of(pointer)))
                .body("errors[0].detail", not(equalTo("")))
                .body("instance", equalTo("/v1/jobs"))
                .body("retryable", equalTo(false));
    }

    @Test
    void shouldNameAllFieldsThatAreWrongAtOnce() {
        // When
        Response response = json("{\"prompt\":\"\",\"n\":0,\"seed\":1.5,\"size\":\"1x1\",\"x\":1}")
                .post("/v1/jobs");

        // Then
        problem(response, 400, "invalid_request")
                .body("errors.pointer", hasItems("/prompt", "/n", "/seed", "/size", "/x"))
                .body("errors.size()", equalTo(5));
    }
}
