package dev.tessera.pipeline.kafka;

import dev.tessera.pipeline.PipelineException;
import dev.tessera.pipeline.PipelineException.Reason;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Puts messages on topics, with their headers and by the claim check. Safe for use by many threads. */
public final class RecordPublisher implements AutoCloseable {
    private static final int LOSSY_BACKLOG = 1024;
    private static final Callback IGNORED = (confirmed, failure) -> {};
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final KafkaProducer<String, byte[]> producer;
    private final TopicSetup topics;
    private final ClaimCheck claims;
    private final CloudEventHeaders cloudEvents;
    private final Tracing tracing;
    private final ThreadPoolExecutor lossy;

    public RecordPublisher(KafkaConnection connection, TopicSetup topics, ClaimCheck claims, Identity identity) {
        producer = connection.producer();
        this.topics = topics;
        this.claims = claims;
        cloudEvents = new CloudEventHeaders(identity.source(), identity.clock());
        tracing = new Tracing(identity.telemetry());
        lossy = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(LOSSY_BACKLOG),
                Thread.ofPlatform().daemon().name("lossy-publisher").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    /** Returns once the broker has it. */
    void publish(OutgoingRecord record) {
        send(record).await();
    }

    /** Returns while it is on its way. */
    Sent send(OutgoingRecord record) {
        topics.ensureTopic(record.topic());
        Span span = tracing.publishing(record);
        try {
            return new Sent(send(record, span, (confirmed, failure) -> Tracing.end(span, failure)));
        } catch (RuntimeException e) {
            Tracing.end(span, e);
            throw e;
        }
    }

    /** Leaves at some time, or never; keeps its order among others of this kind. */
    void publishLossy(OutgoingRecord record) {
        Span current = Span.current();
        lossy.execute(() -> {
            try {
                topics.ensureTopic(record.topic());
                Future<RecordMetadata> ignored = send(record, current, IGNORED);
            } catch (PipelineException e) {
                // Lost, as the caller allowed.
            }
        });
    }

    /** As it is: key, value and headers belong to the caller. */
    void forward(ProducerRecord<String, byte[]> record) {
        topics.ensureTopic(record.topic());
        await(send(record, IGNORED));
    }

    @Override
    public void close() {
        lossy.shutdown();
        producer.close(CLOSE);
    }

    private Future<RecordMetadata> send(OutgoingRecord outgoing, Span span, Callback ended) {
        var headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        cloudEvents.write(outgoing, headers);
        Tracing.inject(span, headers);
        byte[] value = claims.deposit(outgoing, outgoing.message().toByteArray(), headers);
        return send(new ProducerRecord<>(outgoing.topic(), null, outgoing.jobId(), value, headers), ended);
    }

    private Future<RecordMetadata> send(ProducerRecord<String, byte[]> record, Callback ended) {
        try {
            return producer.send(record, ended);
        } catch (KafkaException | IllegalStateException e) {
            throw failure(e);
        }
    }

    /** A record on its way. */
    record Sent(Future<RecordMetadata> confirmation) {
        /** Returns once the broker has it. */
        void await() {
            RecordPublisher.await(confirmation);
        }
    }

    private static void await(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(e);
        } catch (ExecutionException e) {
            throw failure(Failures.causeOf(e));
        }
    }

    private static PipelineException failure(Throwable cause) {
        if (cause instanceof RecordTooLargeException) {
            return new PipelineException(Reason.PAYLOAD_TOO_LARGE, "The record is larger than the broker takes", cause);
        }
        return new PipelineException(Reason.BROKER_UNAVAILABLE, "The record was not published", cause);
    }

    /** @param source the service that publishes, in the headers of its records */
    public record Identity(String source, Clock clock, OpenTelemetry telemetry) {
        /** Without traces. */
        public static Identity of(String source) {
            return new Identity(source, Clock.systemUTC(), OpenTelemetry.noop());
        }
    }
}
