package dev.tessera.pipeline.kafka;

import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jboss.logging.Logger;

/**
 * A record that this consumer holds, for as long as it renews the lock. Once the lock is lost, everything here does
 * nothing: the broker gives the record to someone, and what is made twice is made equal. Belongs to one thread.
 */
final class Lease {
    private static final Logger LOG = Logger.getLogger(Lease.class);
    private static final int RENEWALS_PER_LOCK = 3;
    private static final Duration REAPPEARANCE = Duration.ofMillis(100);

    private final KafkaShareConsumer<String, byte[]> consumer;
    private final ConsumerRecord<String, byte[]> record;
    private final Duration interval;
    private boolean held = true;
    private boolean lost;

    Lease(KafkaShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record, Duration lock) {
        this.consumer = consumer;
        this.record = record;
        interval = consumer.acquisitionLockTimeoutMs()
                .map(Duration::ofMillis)
                .orElse(lock)
                .dividedBy(RENEWALS_PER_LOCK);
    }

    ConsumerRecord<String, byte[]> record() {
        return record;
    }

    /** How often the record was delivered: 1 for the first time. */
    int deliveries() {
        return record.deliveryCount().map(Short::intValue).orElse(1);
    }

    /** How long to wait between two renewals. */
    Duration interval() {
        return interval;
    }

    boolean isHeld() {
        return held;
    }

    /** Whether it ended otherwise than by being settled. */
    boolean isLost() {
        return lost;
    }

    /** Starts the lock's time anew. A renewed record comes out of poll() again, and only then can it be settled. */
    void renew() {
        if (held && send(AcknowledgeType.RENEW) && !reappears()) {
            lose(new TimeoutException("the renewed record did not come back"));
        }
    }

    /** Returns once the broker knows, or cannot be told. */
    void settle(AcknowledgeType type) {
        if (held) {
            send(type);
            held = false;
        }
    }

    private boolean send(AcknowledgeType type) {
        try {
            consumer.acknowledge(record, type);
            return consumer.commitSync(interval).values().stream().allMatch(error -> {
                error.ifPresent(this::lose);
                return error.isEmpty();
            });
        } catch (KafkaException | IllegalStateException e) {
            lose(e);
            return false;
        }
    }

    private boolean reappears() {
        Instant deadline = Instant.now().plus(interval);
        try {
            while (Instant.now().isBefore(deadline)) {
                for (ConsumerRecord<String, byte[]> polled : consumer.poll(REAPPEARANCE)) {
                    if (polled.offset() == record.offset()) {
                        return true;
                    }
                    // Someone else's turn: this consumer has its hands full.
                    consumer.acknowledge(polled, AcknowledgeType.RELEASE);
                }
            }
        } catch (KafkaException | IllegalStateException e) {
            LOG.debugf("Polling for a renewed record failed: %s", Failures.name(e));
        }
        return false;
    }

    private void lose(Exception error) {
        held = false;
        lost = true;
        LOG.warnf("Lost the lock on record %d of %s: %s", record.offset(), record.topic(), Failures.name(error));
    }
}
