package dev.tessera.cli.command;

import dev.tessera.cli.client.Job;
import dev.tessera.cli.terminal.Progress;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Turns the states of a job into progress: it remembers when the first tokens came, from which the speed follows. */
final class JobProgress {
    private final LongSupplier nanoTime;
    private long firstAt;
    private int tokensAtFirst = -1;

    /** @param nanoTime a clock that never goes back */
    JobProgress(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    Progress of(Job job) {
        if (tokensAtFirst < 0 && job.tokensDone() > 0) {
            tokensAtFirst = job.tokensDone();
            firstAt = nanoTime.getAsLong();
        }
        Duration elapsed = tokensAtFirst < 0 ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - firstAt);
        return new Progress(
                job.status(),
                job.tokensDone(),
                job.tokensTotal(),
                job.imagesDone(),
                job.images(),
                elapsed,
                Math.max(0, tokensAtFirst));
    }
}
