package dev.tessera.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tessera.gateway.GatewayException.Reason;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private final RequestBody bodies = new RequestBody(1000, 100, 1, Duration.ZERO);

    private <T> T read(byte[] body, java.util.function.Function<byte[], T> use) {
        return bodies.read(new Json(), new ByteArrayInputStream(body), use);
    }

    private static byte[] body(int bytes) {
        byte[] body = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            body[i] = (byte) i;
        }
        return body;
    }

    @Test
    void shouldReadBodiesUpToTheLimitWhole() {
        for (int bytes : new int[] {0, 1, 100, 101, 102, 1000}) {
            boolean whole = read(body(bytes), read -> Arrays.equals(read, body(bytes)));
            assertThat(whole).isTrue();
        }
        assertThat(refusal(() -> read(body(1001), read -> 0)).reason()).isEqualTo(Reason.BODY_TOO_LARGE);
    }

    @Test
    void shouldHoldOnlySoManyLargeBodiesAtOnce() {
        // When: while one is worked on, others come
        GatewayException second = read(body(500), first -> refusal(() -> read(body(500), read -> 0)));
        int small = read(body(500), first -> read(body(100), read -> read.length));

        // Then
        assertThat(second.reason()).isEqualTo(Reason.TOO_MANY_PICTURES);
        assertThat(second.reason().retryable()).isTrue();
        assertThat(small).isEqualTo(100);
    }

    @Test
    void shouldGiveTheTurnBackWhateverBecomesOfABody() {
        // Given
        refusal(() -> read(body(1001), read -> 0));
        refusal(() -> read(body(500), read -> {
            throw new GatewayException(Reason.INVALID_REQUEST, "no");
        }));

        // When
        int length = read(body(500), read -> read.length);

        // Then
        assertThat(length).isEqualTo(500);
    }

    private static GatewayException refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(GatewayException.class, call);
    }

    /** Of a JSON body that does not say how long it is. */
    private static final class Json implements HttpHeaders {
        @Override
        public MediaType getMediaType() {
            return MediaType.APPLICATION_JSON_TYPE;
        }

        @Override
        public int getLength() {
            return -1;
        }

        @Override
        public List<String> getRequestHeader(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String getHeaderString(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MultivaluedMap<String, String> getRequestHeaders() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<MediaType> getAcceptableMediaTypes() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Locale> getAcceptableLanguages() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Locale getLanguage() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, Cookie> getCookies() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Date getDate() {
            throw new UnsupportedOperationException();
        }
    }
}
