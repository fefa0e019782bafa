package dev.tessera.pipeline.kafka;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A process that takes one piece of work, says so, and never ends it. Arguments: bootstrap servers, model. */
public final class MortalWorker {
    private MortalWorker() {}

    public static void main(String[] arguments) throws InterruptedException {
        var pipeline = new TestPipeline(arguments[0]);
        pipeline.startQueue(Set.of(TestQueue.version(arguments[1])), TestPipeline.QUICK.withSlots(1), item -> {
            System.out.println("holding " + TestQueue.jobId(item));
            return new CompletableFuture<>();
        });
        Thread.currentThread().join();
    }
}
