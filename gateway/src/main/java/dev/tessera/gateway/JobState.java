package dev.tessera.gateway;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Where a job is on its way. It only ever goes forward, and out of a {@link Final} state nothing leads. */
public sealed interface JobState {
    /** When a stage first took the job up. */
    Optional<Instant> startedAt();

    /** The name in JSON and in metric tags. */
    default String key() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** A job that still has a way to go. */
    sealed interface Open extends JobState {}

    /** Accepted, and no stage has begun. */
    record Queued() implements Open {
        @Override
        public Optional<Instant> startedAt() {
            return Optional.empty();
        }
    }

    /** A job that some stage is at work on. */
    sealed interface Running extends Open {
        Instant since();

        @Override
        default Optional<Instant> startedAt() {
            return Optional.of(since());
        }
    }

    record Encoding(Instant since) implements Running {}

    /** The work for each image is in its queue, and none is begun. To clients that is still the same. */
    record Encoded(Instant since) implements Running {
        @Override
        public String key() {
            return "encoding";
        }
    }

    record Generating(Instant since) implements Running {}

    /** All base grids of the job are there, and not all of the finer ones. */
    record Upscaling(Instant since) implements Running {}

    /** No image of the job waits for tokens any more. */
    record Decoding(Instant since) implements Running {}

    /** The end; nothing changes any more. */
    sealed interface Final extends JobState {
        /** What the end came upon. */
        Open before();

        Instant completedAt();

        @Override
        default Optional<Instant> startedAt() {
            return before().startedAt();
        }
    }

    record Succeeded(Open before, Instant completedAt) implements Final {}

    record Failed(Open before, Instant completedAt, JobError error) implements Final {}

    record Cancelled(Open before, Instant completedAt) implements Final {}

    record Expired(Open before, Instant completedAt) implements Final {}
}
