package dev.tessera.pipeline.kafka;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Which record it is; the timestamp tells a topic from one of the same name that was deleted. */
record RecordKey(String topic, int partition, long offset, long timestamp) {
    static RecordKey of(ConsumerRecord<?, ?> record) {
        return new RecordKey(record.topic(), record.partition(), record.offset(), record.timestamp());
    }
}
