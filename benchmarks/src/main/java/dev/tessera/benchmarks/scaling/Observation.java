package dev.tessera.benchmarks.scaling;

import java.util.IdentityHashMap;
import java.util.Map;

/** What an autoscaler is told, from one look to the next. */
final class Observation {
    private static final double BUSY_AVERAGE = 60;
    private static final double ARRIVALS_AVERAGE = 300;
    private static final double FACTOR_AVERAGE = 300;

    private final Map<Object, Double> busySince = new IdentityHashMap<>();
    private double busyTime;
    private double arrived;
    private double finished;
    private double lastLook;
    private double busyShare;
    private double arriving;
    /** Engine time that an image really takes over what it costs in a full batch; what the gateway measures. */
    private double factor = 1;

    void arrived(double cost) {
        arrived += cost;
    }

    void finished(double cost) {
        finished += cost;
    }

    /** To be told before a replica's batch changes, and at every look. */
    void busy(Object replica, double now, boolean busy) {
        Double since = busySince.remove(replica);
        if (since != null) {
            busyTime += now - since;
        }
        if (busy) {
            busySince.put(replica, now);
        }
    }

    /** @param seconds of work, as if all batches were full */
    Autoscaler.View look(double now, int replicas, double seconds, long messages) {
        double span = now - lastLook;
        if (span > 0) {
            // A pod that is not ready counts as idle, as it does for a HorizontalPodAutoscaler that scales up.
            double share = replicas == 0 ? 0 : Math.min(1, busyTime / span / replicas);
            busyShare += (share - busyShare) * Math.min(1, span / BUSY_AVERAGE);
            arriving += (arrived / span - arriving) * Math.min(1, span / ARRIVALS_AVERAGE);
            if (finished > 0) {
                factor += (busyTime / finished - factor) * Math.min(1, span / FACTOR_AVERAGE);
            }
            busyTime = 0;
            arrived = 0;
            finished = 0;
            lastLook = now;
        }
        return new Autoscaler.View(seconds, factor, messages, arriving, busyShare, replicas);
    }
}
