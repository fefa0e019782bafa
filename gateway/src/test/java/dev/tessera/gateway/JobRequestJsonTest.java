package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.gateway.GatewayException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no JSON object is told from a request with mistakes. */
class JobRequestJsonTest {
    private static final Models MODELS = TestModels.both();

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
        GatewayException problem = RequestBodies.refusal(MODELS, body);

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
        List<Reason> reasons = List.of(
                RequestBodies.refusal(MODELS, deep).reason(),
                RequestBodies.refusal(MODELS, longNumber).reason());

        // Then
        assertThat(reasons).containsOnly(Reason.MALFORMED_JSON);
    }

    @Test
    void shouldRefuseABodyThatIsNotUtf8() {
        // Given
        byte[] body = "{\"prompt\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        // When
        GatewayException problem = RequestBodies.refusal(MODELS, body);

        // Then
        assertThat(problem.detail()).contains("UTF-8");
    }
}
