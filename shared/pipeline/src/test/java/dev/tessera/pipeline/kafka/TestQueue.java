package dev.tessera.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.tessera.pipeline.ModelVersion;
import dev.tessera.pipeline.Stage;
import dev.tessera.pipeline.Topics;
import dev.tessera.v1.Conditioning;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.TextStates;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The generator's queue of one model, and what its workers did. */
final class TestQueue implements AutoCloseable {
    private static final String DIGEST = "d1";

    final String model;
    final List<String> handled = new CopyOnWriteArrayList<>();
    final List<Integer> attempts = new CopyOnWriteArrayList<>();

    final List<Integer> handOvers = new CopyOnWriteArrayList<>();

    private final TestPipeline pipeline;
    private final List<WorkQueue> queues = new CopyOnWriteArrayList<>();

    TestQueue(TestPipeline pipeline, String model) {
        this.pipeline = pipeline;
        this.model = model;
    }

    WorkQueue start(WorkQueueSettings settings, WorkHandler handler) {
        WorkQueue queue = pipeline.startQueue(Set.of(version()), settings, handler);
        queues.add(queue);
        return queue;
    }

    ModelVersion version() {
        return version(model);
    }

    /** Of the model that another process is told the name of. */
    static ModelVersion version(String model) {
        return new ModelVersion(model, DIGEST);
    }

    String topic() {
        return Topics.work(Stage.GENERATOR, version());
    }

    void publish(String jobId) {
        pipeline.work.publish(ImageConditioned.newBuilder().setJob(job(jobId)).build());
    }

    /** A message of about that many bytes. */
    void publishLarge(String jobId, int bytes) {
        var states = TextStates.newBuilder().setHalfFloats(ByteString.copyFrom(new byte[bytes]));
        pipeline.work.publish(ImageConditioned.newBuilder()
                .setJob(job(jobId))
                .setConditioning(Conditioning.newBuilder().setText(states))
                .build());
    }

    /** Does the work at once. */
    CompletableFuture<Void> done(WorkItem item) {
        attempts.add(item.delivery().attempt());
        handOvers.add(item.delivery().handOvers());
        handled.add(jobId(item));
        return CompletableFuture.completedFuture(null);
    }

    /** Leaves the work to others. */
    void handOver(WorkItem item) {
        pipeline.work.handOver((ImageConditioned) item.message(), item.delivery());
    }

    static String jobId(WorkItem item) {
        return ((ImageConditioned) item.message()).getJob().getId();
    }

    /** Waits until a gate is open. */
    static void await(CountDownLatch gate) {
        try {
            assertThat(gate.await(90, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Job job(String id) {
        return Job.newBuilder()
                .setId(id)
                .setTenant("acme")
                .setModel(model)
                .setModelDigest(DIGEST)
                .setImages(1)
                .build();
    }

    @Override
    public void close() {
        queues.forEach(WorkQueue::close);
    }
}
