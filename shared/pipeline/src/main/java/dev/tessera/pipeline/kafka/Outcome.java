package dev.tessera.pipeline.kafka;

/** How one delivery went. */
sealed interface Outcome {
    /** The work is done and published. */
    record Done() implements Outcome {}

    /** The queue closes and the work has not ended within its grace. */
    record Abandoned() implements Outcome {}

    /** The worker threw. */
    record Failed(Throwable cause) implements Outcome {}
}
