package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Asks a source that is away again, with pauses that double, for so long after its first failure.
 *
 * @param pause how the time between two requests passes
 */
record Patience(Duration limit, InstantSource clock, Pause pause) {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final System.Logger LOG = System.getLogger(Patience.class.getName());

    Patience(Duration limit) {
        this(limit, InstantSource.system(), Thread::sleep);
    }

    /** @throws BundleException what the request threw, when it is of another kind or the time is up */
    <T> T ask(Request<T> request) throws IOException {
        try {
            return request.send();
        } catch (BundleException e) {
            return askAgain(request, e);
        }
    }

    private <T> T askAgain(Request<T> request, BundleException first) throws IOException {
        Instant end = clock.instant().plus(limit);
        BundleException last = first;
        for (Duration next = SHORTEST; last.reason() == Reason.SOURCE_AWAY; next = longer(next)) {
            if (clock.instant().plus(next).isAfter(end)) {
                throw new BundleException(
                        Reason.SOURCE_AWAY, last.getMessage() + ", and was asked again for " + limit, last);
            }
            LOG.log(Level.WARNING, "event=bundle-source-away pause={0} {1}", next, last.getMessage());
            rest(next, last);
            try {
                return request.send();
            } catch (BundleException e) {
                last = e;
            }
        }
        throw last;
    }

    private void rest(Duration time, BundleException why) {
        try {
            pause.take(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    }

    @FunctionalInterface
    interface Pause {
        void take(Duration time) throws InterruptedException;
    }

    @FunctionalInterface
    interface Request<T> {
        T send() throws IOException;
    }
}
