package dev.tessera.pipeline.kafka;

import com.google.protobuf.Message;
import java.util.Map;

/**
 * What is to be published.
 *
 * @param jobId also the record's key, so that what belongs to one job keeps its order
 * @param headers besides those that every record has
 */
record OutgoingRecord(String topic, String jobId, String tenant, Message message, Map<String, String> headers) {
    OutgoingRecord {
        if (jobId.isBlank()) {
            throw new IllegalArgumentException("A record on " + topic + " belongs to no job");
        }
        headers = Map.copyOf(headers);
    }

    OutgoingRecord(String topic, String jobId, String tenant, Message message) {
        this(topic, jobId, tenant, message, Map.of());
    }

    /** The full name of the protobuf message. */
    String type() {
        return message.getDescriptorForType().getFullName();
    }
}
