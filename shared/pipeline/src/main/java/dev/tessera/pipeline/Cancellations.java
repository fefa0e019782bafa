package dev.tessera.pipeline;

import java.util.function.Consumer;

/** The jobs that were cancelled while they were in flight, as every worker hears of them. */
public interface Cancellations {
    boolean isCancelled(String jobId);

    /** Calls back on a thread of the reader, at once for what comes from now on; the call must not block. */
    void onCancelled(Consumer<String> listener);
}
