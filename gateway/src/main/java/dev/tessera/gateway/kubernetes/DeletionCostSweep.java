package dev.tessera.gateway.kubernetes;

import dev.tessera.gateway.PoolSignal;
import dev.tessera.gateway.WorkInHands;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jboss.logging.Logger;

/**
 * Writes the pods' deletion costs time and again. Every replica does, since all have the same numbers: who comes second
 * finds nothing left to write.
 */
@Singleton
final class DeletionCostSweep {
    private static final Logger LOG = Logger.getLogger(DeletionCostSweep.class);

    private final Optional<DeletionCosts> costs;
    private final WorkInHands work;
    private final PoolSignal signal;

    DeletionCostSweep(KubernetesBeans beans, WorkInHands work, PoolSignal signal) {
        costs = beans.deletionCosts();
        this.work = work;
        this.signal = signal;
    }

    /** Not before the past is known: a busy pod would look idle. */
    @Scheduled(
            every = "${tessera.gateway.kubernetes.deletion-cost.interval:30s}",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sweep() {
        if (signal.isReady()) {
            costs.ifPresent(this::write);
        }
    }

    private void write(DeletionCosts all) {
        try {
            int written = all.write(work.nanosByWorker());
            LOG.debugf("deletion costs written: pods=%d", written);
        } catch (KubernetesClientException e) {
            LOG.warnf("deletion costs not written: status=%d", e.getCode());
        }
    }
}
