package dev.tessera.benchmarks.scaling;

import java.util.ArrayList;
import java.util.List;

/** Adds up how a day went. */
final class Tally {
    final Waits waits = new Waits();
    double paid;
    double work;
    double redone;
    long givenUp;
    int mostReplicas;
    long mostWaiting;

    private final List<Outcome.Moment> timeline = new ArrayList<>();
    private double recentWork;
    private long images;

    void arrived(double cost) {
        images++;
        recentWork += cost;
    }

    void moment(double now, double span, int replicas, long waiting) {
        timeline.add(new Outcome.Moment(now, recentWork / span, replicas, waiting));
        recentWork = 0;
    }

    Outcome outcome() {
        return new Outcome(
                images,
                givenUp,
                waits.quantile(0.5),
                waits.quantile(0.99),
                paid / 3600,
                work / 3600,
                redone / 3600,
                mostReplicas,
                mostWaiting,
                timeline);
    }
}
