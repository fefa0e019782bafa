package dev.tessera.gateway;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.PipelineException;
import dev.tessera.v1.JobEvent;
import dev.tessera.v1.JobFailed;
import io.smallrye.common.annotation.Blocking;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Reacts to every event once over all replicas, and again after a crash. What cannot be done now is tried until it can:
 * an event that was skipped would be a job that never starts or never ends.
 */
@Singleton
final class Dispatcher {
    private static final Logger LOG = Logger.getLogger(Dispatcher.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final JobReactions reactions;
    private final JobEventPublisher publisher;
    private final JobEvents events = new JobEvents(Clock.systemUTC());

    Dispatcher(JobReactions reactions, JobEventPublisher publisher) {
        this.reactions = reactions;
        this.publisher = publisher;
    }

    @Incoming("job-events")
    @Blocking
    void dispatch(byte[] record) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        while (!handled(record)) {
            Thread.sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private boolean handled(byte[] record) {
        try {
            JobEvent event = JobEvent.parseFrom(record);
            return reacted(event);
        } catch (InvalidProtocolBufferException e) {
            LOG.error("record on the event log skipped: it is not a job event", e);
            return true;
        }
    }

    private boolean reacted(JobEvent event) {
        try {
            reactions.to(event);
            return true;
        } catch (PipelineException e) {
            return switch (e.reason()) {
                case BROKER_UNAVAILABLE, BUCKET_UNAVAILABLE ->
                    later(event, e.reason().key());
                default -> fail(event, e.reason().key());
            };
        } catch (ObjectStoreException e) {
            return later(event, "bucket_" + e.reason().key());
        } catch (GatewayException e) {
            return later(event, e.reason().key());
        } catch (RuntimeException e) {
            LOG.errorf(e, "reaction failed: jobId=%s event=%s", event.getJobId(), event.getEventCase());
            return fail(event, "internal_error");
        }
    }

    private static boolean later(JobEvent event, String reason) {
        LOG.warnf("reaction put off: jobId=%s event=%s reason=%s", event.getJobId(), event.getEventCase(), reason);
        return false;
    }

    /** No repetition will help: a job that cannot start fails. */
    private boolean fail(JobEvent event, String reason) {
        if (!event.hasAccepted()) {
            return true;
        }
        JobFailed failure = JobFailed.newBuilder()
                .setReason(reason)
                .setDetail("the job could not be handed to the tokenizer")
                .setStage("gateway")
                .setAttempt(1)
                .build();
        try {
            publisher.publish(events.failed(event.getAccepted().getJob(), failure));
            return true;
        } catch (PipelineException e) {
            return later(event, e.reason().key());
        }
    }
}
