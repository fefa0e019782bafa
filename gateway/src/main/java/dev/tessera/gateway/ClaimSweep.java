package dev.tessera.gateway;

import dev.tessera.objectstore.ObjectStoreException;
import dev.tessera.pipeline.Claims;
import dev.tessera.pipeline.WorkConfig;
import io.quarkus.scheduler.Scheduled;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Removes large messages that no record can refer to any more. Every replica does, which harms nobody. */
final class ClaimSweep {
    private static final Logger LOG = Logger.getLogger(ClaimSweep.class);

    private final Claims claims;
    private final Duration age;

    ClaimSweep(Claims claims, WorkConfig config) {
        this.claims = claims;
        // A dead letter may be written on the last day of the work, and is kept from then on.
        this.age = config.retention().work().plus(config.retention().deadLetters());
    }

    @Scheduled(every = "1h", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        try {
            int removed = claims.removeOlderThan(age);
            if (removed > 0) {
                LOG.infof("old messages removed from the bucket: count=%d", removed);
            }
        } catch (ObjectStoreException e) {
            LOG.warnf("old messages not removed yet: reason=%s", e.reason().key());
        }
    }
}
