package dev.tessera.pipeline.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tessera.pipeline.Cancellations;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.ControlSignal;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/** Cancel signals from the control topic, from a bounded past on; remembers the latest ten thousand. */
public final class KafkaCancellations implements Cancellations, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(KafkaCancellations.class);
    private static final int REMEMBERED = 10_000;

    private final LinkedHashSet<String> cancelled = new LinkedHashSet<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final JobEventLog.Following control;

    public KafkaCancellations(KafkaConnection connection, TopicSetup topics, Clock clock, Duration past) {
        control = new TopicFollower(
                        connection, topics, Topics.CONTROL, clock.instant().minus(past), this::read)
                .start();
    }

    @Override
    public boolean isCancelled(String jobId) {
        synchronized (cancelled) {
            return cancelled.contains(jobId);
        }
    }

    @Override
    public void onCancelled(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Completes when every signal that was there at the start is known. */
    public CompletionStage<Void> caughtUp() {
        return control.caughtUp();
    }

    @Override
    public void close() {
        control.close();
    }

    private void read(ConsumerRecord<String, byte[]> record) {
        try {
            var signal = ControlSignal.parseFrom(record.value());
            if (signal.hasCancelJob()) {
                cancel(signal.getCancelJob().getJobId());
            }
        } catch (InvalidProtocolBufferException e) {
            LOG.warnf("Record %d is no control signal", record.offset());
        } catch (RuntimeException e) {
            LOG.error("A listener for cancellations failed", e);
        }
    }

    private void cancel(String jobId) {
        synchronized (cancelled) {
            if (!cancelled.add(jobId)) {
                return;
            }
            if (cancelled.size() > REMEMBERED) {
                cancelled.removeFirst();
            }
        }
        listeners.forEach(listener -> listener.accept(jobId));
    }
}
