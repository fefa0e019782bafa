package dev.tessera.generator;

import static dev.tessera.generation.Requests.GUIDED;

import dev.tessera.generation.GenerationEngine;
import dev.tessera.generation.Generators;
import dev.tessera.generation.Generators.ServedModel;
import dev.tessera.generation.ImageReports;
import dev.tessera.generation.ImageWorker;
import dev.tessera.generation.StageEvents;
import dev.tessera.generation.TokenGenerator;
import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.SuperResolution;
import dev.tessera.pipeline.Delivery;
import dev.tessera.pipeline.JobDemand;
import dev.tessera.pipeline.JobEvents;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.testkit.ManualClock;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.Sampling;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A worker over an engine of a fake model, and everything that it has published. */
final class WorkerFixture implements AutoCloseable {
    static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    static final Delivery SECOND_ATTEMPT = new Delivery(Stage.GENERATOR, "fake", 2);

    final FakeNextTokenModel model = new FakeNextTokenModel(8, 1, new Grid(4, 4), new ClassConditioning(10));
    final GenerationEngine engine = new GeneratorEngines("fake", 4, Duration.ofSeconds(30)).nextToken(model);
    final PublishedWork published;
    final GeneratorWorker worker;
    private final ManualClock clock = new ManualClock(NOON);

    WorkerFixture() {
        published = new PublishedWork(clock);
        worker = worker(engine, Optional.empty());
    }

    /** One more of the same model. */
    GeneratorWorker worker(TokenGenerator generator, Optional<SuperResolution> superres) {
        var reports = new ImageReports(
                published, StageEvents.ofGeneration(new JobEvents(clock)), Duration.ofMillis(200), clock);
        return new GeneratorWorker(
                new Generators(Map.of(new ModelVersion("fake", "d1"), new ServedModel(generator, engine, superres))),
                published,
                new ImageWorker(Stage.GENERATOR, reports, new JobDemand(published, published, clock)));
    }

    static ImageConditioned.Builder conditioned(Job.Builder job) {
        return ImageConditioned.newBuilder()
                .setJob(job)
                .setConditioning(Conditioning.newBuilder().setClassId(5));
    }

    static Job.Builder job() {
        return Job.newBuilder()
                .setId("job-1")
                .setTenant("acme")
                .setModel("fake")
                .setModelDigest("d1")
                .setClassId(5)
                .setImages(4)
                .setSeed(77)
                .setSampling(Sampling.newBuilder()
                        .setGuidanceScale(GUIDED.guidanceScale())
                        .setTemperature(1)
                        .setTopP(1));
    }

    @Override
    public void close() {
        engine.close();
    }
}
