package dev.tessera.pipeline.kafka;

import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;

/** Leaves values that are too large for the log in the bucket; the record carries their name. */
public final class ClaimCheck {
    private static final byte[] NOTHING = {};

    private final Claims claims;
    private final int limit;

    /** @param limit the largest value that travels in the record, in bytes */
    public ClaimCheck(Claims claims, int limit) {
        this.claims = claims;
        this.limit = limit;
    }

    /** What goes into the record. */
    byte[] deposit(OutgoingRecord record, byte[] value, Headers headers) {
        if (value.length <= limit) {
            return value;
        }
        try {
            CloudEventHeaders.put(headers, CloudEventHeaders.DATA_REFERENCE, claims.deposit(record.jobId(), value));
            return NOTHING;
        } catch (ObjectStoreException e) {
            throw new PipelineException(
                    Reason.BUCKET_UNAVAILABLE,
                    "A large message for " + record.topic() + " was not left in the bucket",
                    e);
        }
    }

    /** The value that was published; empty when it was removed because its job has ended, which is no failure. */
    Optional<byte[]> redeem(byte[] inRecord, Headers headers) {
        Optional<String> name = CloudEventHeaders.text(headers, CloudEventHeaders.DATA_REFERENCE);
        return name.isEmpty() ? Optional.of(inRecord) : fetch(name.get(), headers);
    }

    private Optional<byte[]> fetch(String name, Headers headers) {
        try {
            Optional<byte[]> value = claims.fetch(name);
            if (value.isEmpty() && !hasEnded(headers)) {
                throw new PipelineException(Reason.PAYLOAD_MISSING, "The message is not in the bucket any more");
            }
            return value;
        } catch (ObjectStoreException e) {
            throw new PipelineException(Reason.BUCKET_UNAVAILABLE, "A large message was not read from the bucket", e);
        }
    }

    private boolean hasEnded(Headers headers) {
        String tenant =
                CloudEventHeaders.text(headers, CloudEventHeaders.TENANT).orElse("");
        String jobId =
                CloudEventHeaders.text(headers, CloudEventHeaders.SUBJECT).orElse("");
        return claims.hasEnded(tenant, jobId);
    }
}
