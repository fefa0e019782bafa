package dev.tessera.gateway;

import dev.tessera.gateway.GatewayException.Reason;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the body of a request, if it is JSON in UTF-8 and of a bearable size. */
final class RequestBody {
    private final int limit;

    /** @param limit the most bytes */
    RequestBody(int limit) {
        this.limit = limit;
    }

    byte[] read(HttpHeaders headers, InputStream body) {
        requireJson(headers.getMediaType());
        if (headers.getLength() > limit) {
            throw tooLarge();
        }
        try {
            byte[] content = body.readNBytes(limit + 1);
            if (content.length > limit) {
                throw tooLarge();
            }
            return content;
        } catch (IOException e) {
            throw new GatewayException(Reason.BAD_REQUEST, "the body ended early");
        }
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
