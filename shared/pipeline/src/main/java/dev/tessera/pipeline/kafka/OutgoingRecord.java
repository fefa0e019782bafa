package dev.tessera.pipeline.kafka;

import com.google.protobuf.Message;

/**
 * What is to be published.
 *
 * @param jobId also the record's key, so that what belongs to one job keeps its order
 */
record OutgoingRecord(String topic, String jobId, String tenant, Message message) {
    OutgoingRecord {
        if (jobId.isBlank()) {
            throw new IllegalArgumentException("A record on " + topic + " belongs to no job");
        }
    }

    /** The full name of the protobuf message. */
    String type() {
        return message.getDescriptorForType().getFullName();
    }
}
