package dev.tessera.pipeline.kafka;

import java.util.concurrent.CompletionStage;

/** Does the work. */
@FunctionalInterface
public interface WorkHandler {
    /**
     * Called on a virtual thread of the queue's, by as many slots at once as there are; may block. The work item is
     * acknowledged when the stage completes, retried or given up when it completes exceptionally or the call throws.
     */
    CompletionStage<Void> handle(WorkItem item);
}
