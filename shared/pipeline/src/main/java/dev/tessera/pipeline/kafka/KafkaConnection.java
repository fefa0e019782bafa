package dev.tessera.pipeline.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * How to reach the brokers, and the one place that decides how clients behave.
 *
 * @param properties of any client: servers, security; the keys are Kafka's own
 * @param publishTimeout how long a producer tries to bring a record to the broker
 */
public record KafkaConnection(Map<String, String> properties, Duration publishTimeout) {
    /** A slot that works for long does not poll; it is a member as long as it sends heartbeats. */
    private static final String NEVER = String.valueOf(Integer.MAX_VALUE);

    private static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(30);
    /** Of one request: a lost one leaves time for another. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    public KafkaConnection {
        properties = Map.copyOf(properties);
        if (!properties.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("Kafka's bootstrap.servers are not set");
        }
    }

    public static KafkaConnection to(String bootstrapServers) {
        return new KafkaConnection(Map.of("bootstrap.servers", bootstrapServers), PUBLISH_TIMEOUT);
    }

    Admin admin() {
        return Admin.create(client(Map.of("request.timeout.ms", "10000", "default.api.timeout.ms", "20000")));
    }

    /**
     * Waits for all replicas, keeps its order, and gives up when the time is over. A record that was given up is not sent
     * later. The broker may have one all the same whose confirmation was lost, so what is published again must mean the
     * same.
     */
    KafkaProducer<String, byte[]> producer() {
        String request = millis(publishTimeout.compareTo(REQUEST_TIMEOUT) < 0 ? publishTimeout : REQUEST_TIMEOUT);
        var settings = client(Map.of(
                "acks", "all",
                "enable.idempotence", "true",
                "linger.ms", "0",
                "max.block.ms", request,
                "request.timeout.ms", request,
                "delivery.timeout.ms", millis(publishTimeout),
                "max.request.size", "2097152"));
        return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
    }

    /** Holds one record at a time, which is acknowledged by hand. */
    KafkaShareConsumer<String, byte[]> shareConsumer(String group, String topic) {
        var settings = client(Map.of(
                "group.id", group,
                "share.acknowledgement.mode", "explicit",
                "share.acquire.mode", "record_limit",
                "max.poll.records", "1",
                "max.poll.interval.ms", NEVER));
        var consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    /** Belongs to no group and commits nothing. */
    KafkaConsumer<String, byte[]> reader() {
        var settings = client(Map.of("enable.auto.commit", "false", "auto.offset.reset", "earliest"));
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private static String millis(Duration duration) {
        return String.valueOf(duration.toMillis());
    }

    private Map<String, Object> client(Map<String, String> own) {
        var settings = new HashMap<String, Object>(properties);
        settings.putAll(own);
        return settings;
    }
}
