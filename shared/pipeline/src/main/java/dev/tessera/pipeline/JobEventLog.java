package dev.tessera.pipeline;

import dev.tessera.v1.JobEvent;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Everything that happened to jobs, from a bounded past on. */
public interface JobEventLog {
    /**
     * Delivers every event that is at most {@code past} old, then each new one, until it is closed. Events of one job
     * come in order, all on one thread; an event may come twice. A listener that throws is logged and misses that
     * event. Survives restarts of the broker.
     */
    Following follow(Duration past, Consumer<JobEvent> listener);

    /** One reader of the log. */
    interface Following extends AutoCloseable {
        /** Completes when everything that was in the log at the start has been delivered. */
        CompletionStage<Void> caughtUp();

        /** Whether the log was readable at the last try. */
        boolean isLive();

        @Override
        void close();
    }
}
