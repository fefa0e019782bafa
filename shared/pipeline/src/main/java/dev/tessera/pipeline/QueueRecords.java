package dev.tessera.pipeline;

import java.util.Map;
import java.util.Set;

/** How much lies in the queues, as the broker knows it. Safe for use by many threads. */
public interface QueueRecords {
    /**
     * How many records of a stage nobody has settled: those that wait, and those in somebody's hands.
     *
     * @return by model, all versions of it together, but for queues of which nothing was ever settled: the broker does not know
     *     their beginning yet. A model that has only such queues is missing
     * @throws PipelineException when the broker does not answer
     */
    Map<String, Long> unsettled(Stage stage, Set<String> models);
}
