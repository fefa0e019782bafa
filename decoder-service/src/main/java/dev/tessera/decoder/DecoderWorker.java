package dev.tessera.decoder;

import dev.tessera.decoder.DecoderException.Reason;
import dev.tessera.decoder.Painters.JobPainter;
import dev.tessera.inference.Drawing;
import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.v1.ImageStored;
import dev.tessera.v1.Job;
import dev.tessera.v1.TokensGenerated;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes the tokens of one image, and leaves its PNG and its tokens in the bucket. */
@ApplicationScoped
public class DecoderWorker {
    private static final Logger LOG = Logger.getLogger(DecoderWorker.class);

    private final Painters painters;
    private final ImageArchive archive;
    private final JobEventPublisher published;
    private final JobEvents events;
    private final JobDemand demand;

    DecoderWorker(
            Painters painters, ImageArchive archive, JobEventPublisher published, JobEvents events, JobDemand demand) {
        this.painters = painters;
        this.archive = archive;
        this.published = published;
        this.events = events;
        this.demand = demand;
    }

    /**
     * Returns once the image and its tokens are in the bucket and the event published; a repeat reports what is in the
     * bucket.
     */
    @Incoming("work")
    @Blocking(value = "work", ordered = false)
    public void decode(TokensGenerated generated, Delivery delivery) {
        Job job = generated.getJob();
        if (!demand.isWanted(job)) {
            log("dropped an image of a job that is " + demand.drop(job).key(), generated);
            return;
        }
        painters.of(job)
                .ifPresentOrElse(
                        painter -> decode(generated, painter, delivery),
                        () -> log("dropped an image of a job that has ended", generated));
    }

    private void decode(TokensGenerated generated, JobPainter painter, Delivery delivery) {
        Job job = generated.getJob();
        int index = generated.getImageIndex();
        Drawing drawing = drawing(generated);
        // The bucket takes its time, and the network does not wait for it.
        CompletableFuture<Void> kept = CompletableFuture.runAsync(
                () -> archive.keep(job, index, drawing.tokens()), Thread::startVirtualThread);
        ImageStored stored = delivery.attempt() > 1
                ? archive.find(job, index).orElseGet(() -> paint(job, index, painter, drawing))
                : paint(job, index, painter, drawing);
        await(kept);
        published.publish(events.imageStored(job, stored));
        log("stored an image", generated);
    }

    private static void await(CompletableFuture<Void> kept) {
        try {
            kept.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ObjectStoreException failure ? failure : e;
        }
    }

    private ImageStored paint(Job job, int index, JobPainter painter, Drawing drawing) {
        JobEventPublisher.Receipt started = published.send(events.decodingStarted(job, index));
        long begun = System.nanoTime();
        byte[] png = painter.paint(index, drawing);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        started.await();
        return archive.keep(job, index, png).toBuilder()
                .setEngineTime(JobEvents.duration(took))
                .build();
    }

    private static Drawing drawing(TokensGenerated generated) {
        try {
            return TokenMessages.read(generated);
        } catch (IllegalArgumentException e) {
            throw new DecoderException(Reason.MALFORMED_TOKENS, "malformed tokens: " + e.getMessage(), e);
        }
    }

    private static void log(String event, TokensGenerated generated) {
        Job job = generated.getJob();
        LOG.infof(
                "%s jobId=%s stage=decoder model=%s image=%d",
                event, job.getId(), job.getModel(), generated.getImageIndex());
    }
}
