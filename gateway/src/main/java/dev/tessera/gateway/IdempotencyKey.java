package dev.tessera.gateway;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header by which a client marks repeats of one request. */
final class IdempotencyKey {
    static final String HEADER = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[\\x20-\\x7e]{1,255}");

    private IdempotencyKey() {}

    /** The key, with or without quotes around it: the draft asks for them, most clients leave them out. */
    static Optional<String> of(HttpHeaders headers) {
        List<String> values = headers.getRequestHeader(HEADER);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String key = unquoted(values.getFirst().strip());
        if (values.size() > 1 || !KEY.matcher(key).matches()) {
            throw new GatewayException(
                    GatewayException.Reason.INVALID_IDEMPOTENCY_KEY,
                    "the header " + HEADER + " takes, once, 1 to 255 printable ASCII characters");
        }
        return Optional.of(key);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
