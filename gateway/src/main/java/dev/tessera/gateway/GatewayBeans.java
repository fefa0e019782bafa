package dev.tessera.gateway;

import dev.tessera.inference.bundle.ModelCatalog;
import dev.tessera.objectstore.ObjectStore;
import dev.tessera.pipeline.CancellationPublisher;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.DeadLetterLog;
import dev.tessera.pipeline.JobEventPublisher;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.JobPictures;
import dev.tessera.pipeline.WorkPublisher;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/** Puts the gateway together from its settings. */
final class GatewayBeans {
    private final GatewayConfig config;
    private final Clock clock = Clock.systemUTC();

    GatewayBeans(GatewayConfig config) {
        this.config = config;
        if (config.jobs().replayWindow().compareTo(config.jobs().timeout()) <= 0) {
            throw new IllegalArgumentException(
                    "tessera.gateway.jobs.replay-window must be longer than tessera.gateway.jobs.timeout");
        }
    }

    @Produces
    @Singleton
    Models models(ModelCatalog catalog) {
        List<Model> known = catalog.readManifests().values().stream()
                .map(file -> new Model(file.manifest(), file.digest()))
                .toList();
        return new Models(known, config.defaultModel());
    }

    @Produces
    @Singleton
    GatewayMetrics metrics(MeterRegistry registry) {
        return new GatewayMetrics(registry);
    }

    @Produces
    @Singleton
    JobViews views(Models models, GatewayMetrics metrics, PoolBoard pools, WorkInHands hands) {
        var retention = new JobViews.Retention(
                config.jobs().finishedRetention(), config.jobs().finishedLimit());
        JobViews views = new JobViews(
                job -> models.named(job.getModel())
                        .map(model -> model.tokensPerImage(job))
                        .orElse(0),
                retention,
                clock);
        metrics.watch(views);
        views.watch(pools);
        views.watch(hands);
        return views;
    }

    @Produces
    @Singleton
    WorkInHands hands(Models models) {
        return new WorkInHands(new ImageCosts(models));
    }

    @Produces
    @Singleton
    Pools pools(Models models) {
        return Pools.of(config.pools(), config.scaler().target(), models);
    }

    @Produces
    @Singleton
    PoolBoard board(Pools pools, Models models) {
        return new PoolBoard(pools, models, clock);
    }

    @Produces
    @Singleton
    PoolSignal signal(PoolBoard board, JobFollower follower) {
        return new PoolSignal(board, follower);
    }

    @Produces
    @Singleton
    PoolOperations operations(PoolSignal signal, PoolQueues queues, PoolCluster cluster) {
        return new PoolOperations(signal, queues, cluster);
    }

    @Produces
    @Singleton
    JobArchive archive(ObjectStore bucket) {
        return new JobArchive(bucket);
    }

    @Produces
    @Singleton
    JobFinder finder(JobViews views, JobArchive archive) {
        return new JobFinder(views, archive, clock, config.requests().patience());
    }

    @Produces
    @Singleton
    JobRequestParser parser(Models models, JobFinder finder, JobArchive archive) {
        var requests = config.requests();
        var edits = new EditFields(
                new StoredImages(finder, archive), (int) requests.maxPicture().asLongValue());
        return new JobRequestParser(models, requests.maxImages(), requests.maxPromptCharacters(), edits);
    }

    @Produces
    @Singleton
    JobIntake intake(JobRequestParser parser, JobEventPublisher publisher, JobIntake.Known known) {
        var requests = config.requests();
        var times = new JobIntake.Times(clock, config.jobs().timeout(), requests.patience());
        return new JobIntake(parser, publisher, known, times);
    }

    @Produces
    @Singleton
    JobIntake.Known known(JobViews views, JobFinder finder, JobPictures sources) {
        return new JobIntake.Known(views, finder, sources);
    }

    @Produces
    @Singleton
    DeadLetterService deadLetters(
            DeadLetterLog log, Models models, JobEventPublisher publisher, JobViews views, JobFinder finder) {
        var times = new JobIntake.Times(
                clock, config.jobs().timeout(), config.requests().patience());
        return new DeadLetterService(log, new JobRepeats(models, publisher, views, finder, times));
    }

    @Produces
    @Singleton
    JobCanceller canceller(JobFinder finder, JobViews views, JobEventPublisher publisher) {
        return new JobCanceller(
                finder,
                views,
                publisher,
                new JobEvents(clock),
                config.requests().patience());
    }

    @Produces
    @Singleton
    JobService service(JobIntake intake, JobFinder finder, JobCanceller canceller, JobViews views) {
        return new JobService(intake, finder, canceller, views, new SecureRandom());
    }

    @Produces
    @Singleton
    JobEventStream stream(JobViews views) {
        return new JobEventStream(views, config.keepAlive());
    }

    @Produces
    @Singleton
    RequestBody requestBody() {
        var requests = config.requests();
        return new RequestBody(
                (int) requests.maxBody().asLongValue(),
                (int) requests.maxPlainBody().asLongValue(),
                requests.largeBodies(),
                requests.patience());
    }

    @Produces
    @Singleton
    JobReactions reactions(JobViews views, JobReactions.Ending ending, WorkPublisher work) {
        return new JobReactions(views, work, ending, config.requests().patience());
    }

    @Produces
    @Singleton
    JobReactions.Ending ending(
            JobArchive archive, Claims claims, CancellationPublisher cancellations, GatewayMetrics metrics) {
        return new JobReactions.Ending(archive, claims, cancellations, metrics);
    }

    @Produces
    @Singleton
    JobExpiry expiry(JobViews views, JobEventPublisher publisher) {
        return new JobExpiry(views, publisher, clock);
    }
}
