package dev.tessera.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** Bodies as the parser reads them: at most 16 images and 4000 characters. */
final class RequestBodies {
    static final long SEED = 4711;

    private RequestBodies() {}

    static JobRequest parse(Models models, String body) {
        return parse(models, body.getBytes(UTF_8));
    }

    static JobRequest parse(Models models, byte[] body) {
        return new JobRequestParser(models, 16, 4000, TestModels.EDITS).parse(Tenant.DEFAULT, body, () -> SEED);
    }

    static GatewayException refusal(Models models, String body) {
        return refusal(models, body.getBytes(UTF_8));
    }

    static GatewayException refusal(Models models, byte[] body) {
        GatewayException refusal = catchThrowableOfType(GatewayException.class, () -> parse(models, body));
        assertThat(refusal).isNotNull();
        return refusal;
    }
}
