package dev.tessera.pipeline.kafka;

import static dev.tessera.testkit.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.testkit.EmbeddedKafka;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What becomes of the work of a model whose weights are being replaced. */
class ModelVersionsIT {
    private static final ModelVersion OLD = new ModelVersion("cats", "0ld");
    private static final ModelVersion NEW = new ModelVersion("cats", "4e3");

    @Test
    void shouldKeepEachJobForItsOwnWeights() {
        try (var kafka = EmbeddedKafka.started();
                var pipeline = new TestPipeline(kafka.bootstrapServers());
                var records = new KafkaQueueRecords(pipeline.connection)) {
            // Given: a worker that has the new weights alone, as after an update
            List<String> doneByNew = new CopyOnWriteArrayList<>();
            var updated = pipeline.startQueue(Set.of(NEW), TestPipeline.QUICK, item -> done(item, doneByNew));
            publish(pipeline, OLD, "accepted-before");
            publish(pipeline, NEW, "accepted-after");
            eventually(() -> assertThat(doneByNew).containsExactly("accepted-after 1"));

            // When: one comes that has both
            List<String> doneByBoth = new CopyOnWriteArrayList<>();
            updated.close();
            var both = pipeline.startQueue(Set.of(NEW, OLD), TestPipeline.QUICK, item -> done(item, doneByBoth));

            // Then: what waited is done, and nothing was tried where it could not be
            eventually(() -> assertThat(doneByBoth).containsExactly("accepted-before 1"));
            eventually(() -> assertThat(records.unsettled(Stage.GENERATOR, Set.of("cats")))
                    .isEqualTo(Map.of("cats", 0L)));
            both.close();
            assertThat(pipeline.deadLetters).isEmpty();
        }
    }

    private static void publish(TestPipeline pipeline, ModelVersion version, String jobId) {
        pipeline.work.publish(ImageConditioned.newBuilder()
                .setJob(Job.newBuilder()
                        .setId(jobId)
                        .setTenant("acme")
                        .setModel(version.model())
                        .setModelDigest(version.digest())
                        .setImages(1))
                .build());
    }

    private static CompletableFuture<Void> done(WorkItem item, List<String> done) {
        done.add(TestQueue.jobId(item) + " " + item.delivery().attempt());
        return CompletableFuture.completedFuture(null);
    }
}
