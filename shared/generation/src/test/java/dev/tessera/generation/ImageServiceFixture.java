package dev.tessera.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.ModelsConfig;
import dev.tessera.pipeline.JobEventLog;
import dev.tessera.pipeline.WorkPublisher;
import dev.tessera.testmodels.FollowedJobs;
import dev.tessera.v1.Job;
import dev.tessera.v1.TokensGenerated;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A service that makes tokens with one model, on a real broker: the work that it is given, and what it makes and tells of it. */
public abstract class ImageServiceFixture {
    @Inject
    protected WorkPublisher work;

    @Inject
    protected JobEventLog log;

    @Inject
    protected ModelsConfig models;

    @Inject
    @ConfigProperty(name = "kafka.bootstrap.servers")
    protected String bootstrapServers;

    protected ModelBundle bundle;
    protected FollowedJobs jobs;
    protected DecoderQueue decoderQueue;

    @BeforeEach
    void follow() {
        bundle = ModelBundle.open(models.directories().getFirst());
        jobs = FollowedJobs.on(log);
        decoderQueue = new DecoderQueue(bootstrapServers, bundle);
    }

    @AfterEach
    void stopFollowing() {
        jobs.close();
        decoderQueue.close();
    }

    /** Of a job of sixteen images, of which the first was made twice: all are different, and the first is as it was alone. */
    protected void assertFirstAsAlone(Job sixteen, TokensGenerated alone) {
        List<TokensGenerated> all = decoderQueue.await(jobs, sixteen, 17);
        assertThat(all)
                .filteredOn(image -> image.getImageIndex() == 0)
                .hasSize(2)
                .allSatisfy(image -> assertThat(image.getTokens()).isEqualTo(alone.getTokens()));
        assertThat(all.stream().map(TokensGenerated::getTokens).distinct()).hasSize(16);
    }
}
