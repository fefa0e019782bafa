package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request, if it is JSON in UTF-8 and of a bearable size. Of bodies so large that they must hold
 * pictures, only a few are in memory at once.
 */
final class RequestBody {
    private final int limit;
    private final int plain;
    private final Semaphore large;
    private final Duration patience;

    /**
     * Reads the bodies of all requests.
     *
     * @param limit the most bytes
     * @param plain the most bytes of a body that is read without waiting
     * @param large how many larger ones there may be at once
     * @param patience how long the next one waits for its turn
     */
    RequestBody(int limit, int plain, int large, Duration patience) {
        this.limit = limit;
        this.plain = plain;
        this.large = new Semaphore(large);
        this.patience = patience;
    }

    /** What is done with the body; it must not be kept. */
    <T> T read(HttpHeaders headers, InputStream body, Function<byte[], T> use) {
        requireJson(headers.getMediaType());
        if (headers.getLength() > limit) {
            throw tooLarge();
        }
        byte[] beginning = part(body, plain + 1);
        if (beginning.length <= plain) {
            return use.apply(beginning);
        }
        awaitTurn();
        try {
            return use.apply(whole(beginning, body));
        } finally {
            large.release();
        }
    }

    private byte[] whole(byte[] beginning, InputStream body) {
        byte[] rest = part(body, limit + 1 - beginning.length);
        if (beginning.length + rest.length > limit) {
            throw tooLarge();
        }
        byte[] whole = Arrays.copyOf(beginning, beginning.length + rest.length);
        System.arraycopy(rest, 0, whole, beginning.length, rest.length);
        return whole;
    }

    private static byte[] part(InputStream body, int bytes) {
        try {
            return body.readNBytes(Math.max(0, bytes));
        } catch (IOException e) {
            throw new GatewayException(Reason.BAD_REQUEST, "the body ended early");
        }
    }

    private void awaitTurn() {
        try {
            if (large.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new GatewayException(
                Reason.TOO_MANY_PICTURES,
                "others send pictures just now; ask again",
                List.of(),
                Map.of("Connection", "close"));
    }

    private static void requireJson(@Nullable MediaType type) {
        if (type == null || !type.isCompatible(MediaType.APPLICATION_JSON_TYPE) || type.isWildcardSubtype()) {
            throw Problems.unsupportedMediaType();
        }
        String charset = type.getParameters().getOrDefault("charset", "utf-8");
        if (!charset.equalsIgnoreCase("utf-8")) {
            throw Problems.unsupportedMediaType();
        }
    }

    /** The rest of the body is not read, so the connection cannot be used again. */
    private GatewayException tooLarge() {
        return new GatewayException(
                Reason.BODY_TOO_LARGE,
                "the body has more than " + limit + " bytes",
                List.of(),
                Map.of("Connection", "close"));
    }
}
