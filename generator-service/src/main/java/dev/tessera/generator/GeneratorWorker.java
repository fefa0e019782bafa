package dev.tessera.generator;

import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationOutcome;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.Generators;
import dev.tessera.generation.PartialImage;
import dev.tessera.generation.ReportedImage;
import dev.tessera.generation.TokenGenerator;
import dev.tessera.inference.TokenGrid;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.TokensGenerated;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Takes conditioned images and passes their tokens on; tells of the progress in between. */
@ApplicationScoped
public class GeneratorWorker {
    private static final Logger LOG = Logger.getLogger(GeneratorWorker.class);

    private final Generators generators;
    private final WorkPublisher work;
    private final ImageReports reports;
    private final JobDemand demand;

    GeneratorWorker(Generators generators, WorkPublisher work, ImageReports reports, JobDemand demand) {
        this.generators = generators;
        this.work = work;
        this.reports = reports;
        this.demand = demand;
    }

    /** Returns once the tokens, or what there is of them, are published, or nobody wants them; a repeat publishes the same tokens again. */
    @Incoming("work")
    @Blocking(value = "work", ordered = false)
    public void generate(ImageConditioned conditioned, Delivery delivery) {
        Job job = conditioned.getJob();
        if (!demand.isWanted(job)) {
            drop(conditioned);
            return;
        }
        TokenGenerator generator = generators.of(job);
        GenerationRequest request = GenerationRequest.of(conditioned);
        ReportedImage image = reports.of(conditioned, () -> !demand.isWanted(job));
        CompletableFuture<GenerationOutcome> outcome = generator.generate(request, image);
        // While the broker writes the event the image is already in the making.
        tellStarted(conditioned, delivery, image);
        switch (await(outcome)) {
            case GenerationOutcome.Completed completed -> finish(conditioned, completed);
            case GenerationOutcome.Stopped stopped -> drop(conditioned);
            case GenerationOutcome.Unfinished unfinished -> handOver(conditioned, delivery, unfinished.done());
        }
    }

    private void tellStarted(ImageConditioned conditioned, Delivery delivery, ReportedImage image) {
        try {
            reports.started(conditioned, delivery.attempt());
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

    /** The event leaves first: once the decoder has begun, nobody asks any more what the tokens cost. */
    private void finish(ImageConditioned conditioned, GenerationOutcome.Completed completed) {
        TokenGrid grid = completed.tokens();
        JobEventPublisher.Receipt told = reports.completed(conditioned, grid.size(), completed.engineTime());
        publish(conditioned, grid);
        told.await();
    }

    private void publish(ImageConditioned conditioned, TokenGrid grid) {
        var tokens = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(grid.rows())
                .setColumns(grid.columns())
                .setCodebookSize(grid.codebookSize())
                .addAllScales(grid.scales());
        Arrays.stream(grid.ids()).forEach(tokens::addIds);
        work.publish(TokensGenerated.newBuilder()
                .setJob(conditioned.getJob())
                .setImageIndex(conditioned.getImageIndex())
                .setTokens(tokens)
                .build());
        log("generated", conditioned);
    }

    private void handOver(ImageConditioned conditioned, Delivery delivery, PartialImage done) {
        if (!demand.isWanted(conditioned.getJob())) {
            drop(conditioned);
            return;
        }
        work.handOver(conditioned.toBuilder().setPartial(done.message()).build(), delivery);
        log("handed-over", conditioned);
    }

    private void drop(ImageConditioned conditioned) {
        log("dropped-" + demand.drop(conditioned.getJob()).key(), conditioned);
    }

    private static void log(String event, ImageConditioned conditioned) {
        Job job = conditioned.getJob();
        LOG.infof(
                "event=%s jobId=%s stage=generator model=%s image=%d",
                event, job.getId(), job.getModel(), conditioned.getImageIndex());
    }
}
