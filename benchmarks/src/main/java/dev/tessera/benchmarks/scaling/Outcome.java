package dev.tessera.benchmarks.scaling;

import java.util.List;

/**
 * How a day went.
 *
 * @param images how many were asked for
 * @param givenUp how many waited longer than a job may
 * @param waitP50 seconds from the wish to the beginning
 * @param replicaHours paid for, from the wish for a replica to its end
 * @param redoneHours of replicas, for images that were begun anew
 * @param timeline for plots
 */
record Outcome(
        long images,
        long givenUp,
        double waitP50,
        double waitP99,
        double replicaHours,
        double workHours,
        double redoneHours,
        int mostReplicas,
        long mostWaiting,
        List<Moment> timeline) {
    Outcome {
        timeline = List.copyOf(timeline);
    }

    /** The share of what was paid for that was work. */
    double used() {
        return workHours / replicaHours;
    }

    /** @param demand replicas that would have been just enough for what came in of late */
    record Moment(double time, double demand, int replicas, long waiting) {}
}
