package dev.tessera.generation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Passes an image's progress on, though not more often than an interval; asks elsewhere whether it is still wanted. */
final class ReportedImage implements GenerationObserver {
    private final Clock clock;
    private final Duration interval;
    private final Report report;
    private final BooleanSupplier unwanted;
    private Instant next;
    private volatile boolean abandoned;

    ReportedImage(Clock clock, Duration interval, Report report, BooleanSupplier unwanted) {
        this.clock = clock;
        this.interval = interval;
        this.report = report;
        this.unwanted = unwanted;
        this.next = clock.instant().plus(interval);
    }

    @Override
    public void progressed(int tokensDone, int tokensTotal) {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            return;
        }
        next = now.plus(interval);
        report.tell(tokensDone, tokensTotal);
    }

    @Override
    public boolean stopRequested() {
        return abandoned || unwanted.getAsBoolean();
    }

    /** Nobody waits for the image any more. Safe for use by any thread. */
    void abandon() {
        abandoned = true;
    }

    /** Where progress goes; must not block. */
    @FunctionalInterface
    interface Report {
        void tell(int tokensDone, int tokensTotal);
    }
}
