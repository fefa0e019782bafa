package dev.tessera.pipeline.kafka;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A queue of its own for each test, on the pipeline that such classes share, beside each other. */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(SharedPipeline.class)
abstract class SharedQueueFixture {
    final TestPipeline pipeline;
    final TestQueue queue;

    SharedQueueFixture(TestPipeline pipeline) {
        this.pipeline = pipeline;
        queue = pipeline.queue();
    }

    @AfterEach
    void close() {
        queue.close();
    }
}
