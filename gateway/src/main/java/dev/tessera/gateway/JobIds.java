package dev.tessera.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** Names of jobs: UUIDs in lower case, so that they are fit for record keys, object names and URLs. */
final class JobIds {
    private static final Pattern ID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[78][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

    private JobIds() {}

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** A UUID of version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits. */
    static String at(Instant time, RandomGenerator random) {
        long high = time.toEpochMilli() << 16 | 0x7000 | random.nextLong() & 0x0fff;
        return new UUID(high, random.nextLong() & VARIANT_MASK | VARIANT).toString();
    }

    /** The one id that a tenant's idempotency key leads to: a UUID of version 8 (RFC 9562, section 5.8). */
    static String ofKey(Tenant tenant, String key) {
        ByteBuffer hash = ByteBuffer.wrap(sha256().digest((tenant.name() + "\0" + key).getBytes(UTF_8)));
        long high = hash.getLong() & ~0xf000L | 0x8000;
        return new UUID(high, hash.getLong() & VARIANT_MASK | VARIANT).toString();
    }

    /** The one id of the job that repeats a failed one; no client's key leads to it, since keys have no control characters. */
    static String ofRepeat(Tenant tenant, String failedId) {
        return ofKey(tenant, "\u0001repeat\u0001" + failedId);
    }

    /** A seed that follows from an id. */
    static long seedOf(String id) {
        return ByteBuffer.wrap(sha256().digest(id.getBytes(UTF_8))).getLong() & JobRequestParser.MAX_SEED;
    }

    /** Whether the id says of itself that it was made within the given time before now, or a little after now. */
    static boolean isYoung(String id, Instant now, Duration age) {
        UUID uuid = UUID.fromString(id);
        long made = uuid.getMostSignificantBits() >>> 16;
        return uuid.version() == 7 && Math.abs(now.toEpochMilli() - made) < age.toMillis();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
