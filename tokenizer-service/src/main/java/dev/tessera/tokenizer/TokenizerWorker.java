package dev.tessera.tokenizer;

import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.JobSubmitted;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/**
 * Takes jobs, encodes the prompt and the picture to edit once, and gives the generator one piece of work for each image; of a
 * job that only upscales, super-resolution.
 */
@ApplicationScoped
public class TokenizerWorker {
    private static final Logger LOG = Logger.getLogger(TokenizerWorker.class);

    private final Conditioners conditioners;
    private final WorkPublisher work;
    private final JobEventPublisher published;
    private final JobEvents events;
    private final JobDemand demand;

    TokenizerWorker(
            Conditioners conditioners,
            WorkPublisher work,
            JobEventPublisher published,
            JobEvents events,
            JobDemand demand) {
        this.conditioners = conditioners;
        this.work = work;
        this.published = published;
        this.events = events;
        this.demand = demand;
    }

    /** Returns once the work for every image is published, and that it is; a repeat publishes the same again. */
    @Incoming("work")
    @Blocking(value = "work", ordered = false)
    public void condition(JobSubmitted submitted, Delivery delivery) {
        Job job = submitted.getJob();
        if (!demand.isWanted(job)) {
            log("dropped a job that is " + demand.drop(job).key(), job);
            return;
        }
        JobEventPublisher.Receipt started = published.send(events.encodingStarted(job));
        long begun = System.nanoTime();
        Optional<ImageConditioned> first = conditioners.condition(job);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        started.await();
        first.ifPresentOrElse(image -> complete(image, took), () -> log("dropped a job that has ended", job));
    }

    private void complete(ImageConditioned first, Duration took) {
        publishImages(first);
        published.publish(events.encodingCompleted(first.getJob(), took));
    }

    private void publishImages(ImageConditioned first) {
        for (int index = 0; index < first.getJob().getImages(); index++) {
            publish(first.toBuilder().setImageIndex(index).build());
        }
        log("conditioned", first.getJob());
    }

    private void publish(ImageConditioned image) {
        if (image.getJob().getUpscale()) {
            work.publish(TokenMessages.lowResolution(image, image.getKnown().getTokens()));
        } else {
            work.publish(image);
        }
    }

    private static void log(String event, Job job) {
        LOG.infof(
                "%s jobId=%s stage=tokenizer model=%s images=%d", event, job.getId(), job.getModel(), job.getImages());
    }
}
