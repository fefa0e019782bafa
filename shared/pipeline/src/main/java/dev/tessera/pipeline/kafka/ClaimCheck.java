package dev.tessera.pipeline.kafka;

import dev.tessera.objectstore.ObjectStore;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.header.Headers;

/**
 * Leaves values that are too large for the log in the bucket; the record carries their name. They are not removed when
 * the record is done, since a repeated delivery needs them again: what is below {@code claims/} may go when it is older
 * than the log's retention.
 */
public final class ClaimCheck {
    private static final String PREFIX = "claims/";
    private static final byte[] NOTHING = {};

    private final ObjectStore store;
    private final int limit;

    /** @param limit the largest value that travels in the record, in bytes */
    public ClaimCheck(ObjectStore store, int limit) {
        this.store = store;
        this.limit = limit;
    }

    /** What goes into the record. */
    byte[] deposit(String topic, byte[] value, Headers headers) {
        if (value.length <= limit) {
            return value;
        }
        String name = PREFIX + topic + "/" + UUID.randomUUID();
        try {
            store.putIfAbsent(name, value, "application/protobuf", Map.of());
        } catch (ObjectStoreException e) {
            throw new PipelineException(
                    Reason.BUCKET_UNAVAILABLE, "A large message for " + topic + " was not left in the bucket", e);
        }
        CloudEventHeaders.put(headers, CloudEventHeaders.DATA_REFERENCE, name);
        return NOTHING;
    }

    /** The value that was published. */
    byte[] redeem(byte[] inRecord, Headers headers) {
        return CloudEventHeaders.text(headers, CloudEventHeaders.DATA_REFERENCE)
                .map(this::fetch)
                .orElse(inRecord);
    }

    private byte[] fetch(String name) {
        try {
            return store.get(name)
                    .orElseThrow(() ->
                            new PipelineException(Reason.PAYLOAD_MISSING, "The message is not in the bucket any more"));
        } catch (ObjectStoreException e) {
            throw new PipelineException(Reason.BUCKET_UNAVAILABLE, "A large message was not read from the bucket", e);
        }
    }
}
