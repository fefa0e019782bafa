package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.Stage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/** One consumer that holds one record at a time: takes it, keeps its lock while it is worked on, and settles it. */
final class WorkSlot implements Runnable {
    private static final Logger LOG = Logger.getLogger(WorkSlot.class);
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final WorkQueue queue;
    private final Stage stage;
    private final String model;
    private final String topic;

    WorkSlot(WorkQueue queue, Stage stage, String model, String topic) {
        this.queue = queue;
        this.stage = stage;
        this.model = model;
        this.topic = topic;
    }

    /** Ends only when the queue closes: after any error and any lost lease it goes on with a new consumer. */
    @Override
    public void run() {
        while (!queue.isStopping()) {
            try {
                consume(queue.connection().shareConsumer(stage.key(), topic));
            } catch (RuntimeException e) {
                LOG.warnf("A slot of %s lost its consumer (%s) and makes a new one", topic, Failures.name(e));
                pause(queue.stopping(), RECONNECT);
            }
        }
    }

    /** A consumer that waits for a renewal which failed spins and takes no more records (Kafka 4.2.1), so it is left. */
    private void consume(KafkaShareConsumer<String, byte[]> consumer) {
        try {
            boolean usable = true;
            while (usable && !queue.isStopping()) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(IDLE)) {
                    var lease = new Lease(consumer, record, queue.settings().lock());
                    work(lease);
                    usable = !lease.isLost();
                }
            }
        } finally {
            close(consumer);
        }
    }

    private void work(Lease lease) {
        RecordKey key = RecordKey.of(lease.record());
        Optional<AcknowledgeType> known = queue.progress().settled(key);
        if (known.isPresent()) {
            lease.settle(known.get());
            return;
        }
        Delivery delivery = delivery(lease);
        WorkMeters.Started meter = queue.meters().started(lease.record(), delivery);
        if (delivery.attempt() > queue.maxAttempts()) {
            // Nobody came back from the last ones: whoever held it died, and this process need not be the next.
            giveUp(lease, delivery, Failures.exhausted(new IllegalStateException()), meter);
            return;
        }
        CompletableFuture<Void> running = queue.progress().share(key, () -> queue.dispatch(lease.record(), delivery));
        Outcome outcome = await(lease, running);
        if (outcome instanceof Outcome.Failed) {
            // Before the record is released: who gets it then makes an attempt of its own.
            queue.progress().forget(key, running);
        }
        settle(lease, delivery, outcome, meter);
        queue.progress().forget(key, running);
    }

    private Delivery delivery(Lease lease) {
        HandOver left = HandOver.of(lease.record().headers());
        return new Delivery(stage, model, left.attempt(lease.deliveries()), left.times());
    }

    private void settle(Lease lease, Delivery delivery, Outcome outcome, WorkMeters.Started meter) {
        switch (outcome) {
            case Outcome.Done done -> {
                queue.progress().settle(RecordKey.of(lease.record()), AcknowledgeType.ACCEPT);
                lease.settle(AcknowledgeType.ACCEPT);
                meter.ended("accepted", "none");
            }
            case Outcome.Abandoned abandoned -> {
                lease.settle(AcknowledgeType.RELEASE);
                meter.ended("released", "shutdown");
            }
            case Outcome.Failed failed -> fail(lease, delivery, failed.cause(), meter);
        }
    }

    private void fail(Lease lease, Delivery delivery, Throwable cause, WorkMeters.Started meter) {
        Optional<Failures.Verdict> permanent = Failures.permanent(cause);
        if (permanent.isPresent()) {
            giveUp(lease, delivery, permanent.get(), meter);
            return;
        }
        if (delivery.attempt() >= queue.maxAttempts()) {
            giveUp(lease, delivery, Failures.exhausted(cause), meter);
            return;
        }
        LOG.infof(
                "Attempt failed and will be repeated: jobId=%s stage=%s model=%s attempt=%d reason=%s (%s)",
                lease.record().key(),
                stage.key(),
                model,
                delivery.attempt(),
                Failures.reason(cause),
                Failures.name(cause));
        release(lease, delivery, Failures.reason(cause), meter);
    }

    /** The broker gives a released record away at once, so the pause is made while it is still held. */
    private void release(Lease lease, Delivery delivery, String reason, WorkMeters.Started meter) {
        pauseHolding(lease, queue.settings().backOff().after(delivery.attempt()));
        lease.settle(AcknowledgeType.RELEASE);
        meter.ended("released", reason);
    }

    private void giveUp(Lease lease, Delivery delivery, Failures.Verdict verdict, WorkMeters.Started meter) {
        if (!lease.isHeld()) {
            // Whoever has it now comes to the same end; two dead letters would be one too many.
            meter.ended("lost", verdict.reason());
            return;
        }
        LOG.warnf(
                "Work given up: jobId=%s stage=%s model=%s attempt=%d reason=%s",
                lease.record().key(), stage.key(), model, delivery.attempt(), verdict.reason());
        switch (await(lease, queue.bury(lease.record(), delivery, verdict))) {
            case Outcome.Done done -> {
                queue.progress().settle(RecordKey.of(lease.record()), AcknowledgeType.REJECT);
                lease.settle(AcknowledgeType.REJECT);
                meter.ended("rejected", verdict.reason());
            }
            case Outcome.Abandoned abandoned -> release(lease, delivery, "shutdown", meter);
            case Outcome.Failed failed -> release(lease, delivery, Failures.reason(failed.cause()), meter);
        }
    }

    /** Waits for the end, renewing the lock meanwhile. */
    private Outcome await(Lease lease, CompletableFuture<Void> running) {
        CompletableFuture<Object> end = CompletableFuture.anyOf(running, queue.graceOver());
        while (true) {
            try {
                end.get(lease.interval().toMillis(), TimeUnit.MILLISECONDS);
                return isDone(running) ? new Outcome.Done() : new Outcome.Abandoned();
            } catch (TimeoutException e) {
                lease.renew();
            } catch (ExecutionException e) {
                return new Outcome.Failed(Failures.causeOf(e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Outcome.Abandoned();
            }
        }
    }

    private static boolean isDone(CompletableFuture<Void> work) {
        return work.isDone() && !work.isCompletedExceptionally();
    }

    private void pauseHolding(Lease lease, Duration length) {
        Duration left = length;
        while (left.isPositive() && !queue.isStopping()) {
            Duration step = left.compareTo(lease.interval()) < 0 ? left : lease.interval();
            pause(queue.stopping(), step);
            left = left.minus(step);
            if (left.isPositive()) {
                lease.renew();
            }
        }
    }

    /** For that long, or until the queue stops. */
    private static void pause(CompletableFuture<Void> stopping, Duration length) {
        try {
            stopping.get(length.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The pause is over.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(KafkaShareConsumer<String, byte[]> consumer) {
        try {
            consumer.close(CLOSE);
        } catch (KafkaException e) {
            LOG.debugf("A consumer did not close in order: %s", Failures.name(e));
        }
    }
}
