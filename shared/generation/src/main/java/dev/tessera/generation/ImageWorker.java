package dev.tessera.generation;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.Stage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jboss.logging.Logger;

/**
 * Does the work of a stage that makes tokens: begins an image unless nobody wants it, tells of its progress, and passes
 * its tokens on. Safe for use by many threads.
 */
public final class ImageWorker {
    private static final Logger LOG = Logger.getLogger(ImageWorker.class);

    private final String stage;
    private final ImageReports reports;
    private final JobDemand demand;

    public ImageWorker(Stage stage, ImageReports reports, JobDemand demand) {
        this.stage = stage.key();
        this.reports = reports;
        this.demand = demand;
    }

    /**
     * Returns once the tokens, or what there is of them, are published, or nobody wants them; a repeat publishes the same
     * tokens again.
     */
    public void make(ImageWork work, Delivery delivery) {
        if (!demand.isWanted(work.job())) {
            drop(work);
            return;
        }
        ReportedImage image = reports.of(work.job(), work.imageIndex(), () -> !demand.isWanted(work.job()));
        CompletableFuture<GenerationOutcome> outcome = work.begin(image);
        // While the broker writes the event the image is already in the making.
        tellStarted(work, delivery, image);
        switch (await(outcome)) {
            case GenerationOutcome.Completed completed -> finish(work, completed);
            case GenerationOutcome.Stopped stopped -> drop(work);
            case GenerationOutcome.Unfinished unfinished -> handOver(work, delivery, unfinished.done());
        }
    }

    private void tellStarted(ImageWork work, Delivery delivery, ReportedImage image) {
        try {
            reports.started(work.job(), work.imageIndex(), delivery.attempt());
        } catch (RuntimeException e) {
            image.abandon();
            throw e;
        }
    }

    private static GenerationOutcome await(CompletableFuture<GenerationOutcome> outcome) {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof GenerationException failure ? failure : e;
        }
    }

    /** The event leaves first: once the next stage has begun, nobody asks any more what the tokens cost. */
    private void finish(ImageWork work, GenerationOutcome.Completed completed) {
        JobEventPublisher.Receipt told = reports.completed(
                work.job(), work.imageIndex(), completed.tokens().size(), completed.engineTime());
        work.publish(completed.drawing());
        log("made", work);
        told.await();
    }

    private void handOver(ImageWork work, Delivery delivery, PartialImage done) {
        if (!demand.isWanted(work.job())) {
            drop(work);
            return;
        }
        work.handOver(done, delivery);
        log("handed-over", work);
    }

    private void drop(ImageWork work) {
        log("dropped-" + demand.drop(work.job()).key(), work);
    }

    private void log(String event, ImageWork work) {
        LOG.infof(
                "event=%s jobId=%s stage=%s model=%s image=%d",
                event, work.job().getId(), stage, work.job().getModel(), work.imageIndex());
    }
}
