package dev.tessera.benchmarks.scaling;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A HorizontalPodAutoscaler as the chart sets it up: up at once, by no more than the larger of 4 and as many as there are every 15
 * seconds; down to the highest wish of the last 120 seconds; within a tenth of the target it does nothing.
 */
final class Autoscaler {
    static final double PERIOD = 15;
    private static final double STABILIZATION = 120;
    private static final double TOLERANCE = 0.1;
    private static final double BUSY_TARGET = 0.7;
    private static final double ARRIVALS_TARGET = 0.8;
    /** Seconds without work after which the last replica goes. */
    private static final double COOLDOWN = 300;

    private final Signal signal;
    private final Scenario.PoolShape pool;
    private final double targetSeconds;
    private final double meanCost;
    private final Deque<double[]> wishes = new ArrayDeque<>();
    private double lastWork;

    /** @param targetSeconds how much work one replica should have before it */
    Autoscaler(Signal signal, Scenario.PoolShape pool, double targetSeconds, double meanCost) {
        this.signal = signal;
        this.pool = pool;
        this.targetSeconds = targetSeconds;
        this.meanCost = meanCost;
    }

    /**
     * What it sees of the pool.
     *
     * @param seconds of work, in full batches
     * @param factor what images took of late over that
     * @param arriving seconds of work that came in per second, of late
     */
    record View(double seconds, double factor, long messages, double arriving, double busyShare, int replicas) {}

    /** How many replicas there are to be. */
    int wish(double time, View view) {
        if (view.messages() > 0) {
            lastWork = time;
        }
        int least = signal == Signal.BUSY ? Math.max(1, pool.min()) : pool.min();
        int wanted = Math.clamp(raw(view), Math.max(least, time - lastWork < COOLDOWN ? 1 : 0), pool.max());
        wishes.addLast(new double[] {time, wanted});
        while (wishes.getFirst()[0] < time - STABILIZATION) {
            wishes.removeFirst();
        }
        if (wanted > view.replicas()) {
            return Math.min(wanted, view.replicas() + Math.max(4, view.replicas()));
        }
        int highest = (int) wishes.stream().mapToDouble(wish -> wish[1]).max().orElse(wanted);
        return Math.min(view.replicas(), Math.max(highest, least));
    }

    private int raw(View view) {
        double ratio =
                switch (signal) {
                    case AS_MEASURED -> view.factor() * view.seconds() / targetSeconds;
                    case FULL_BATCHES -> view.seconds() / targetSeconds;
                    case WITH_ARRIVALS -> Math.max(view.seconds() / targetSeconds, view.arriving() / ARRIVALS_TARGET);
                    case MESSAGES -> view.messages() / (targetSeconds / meanCost);
                    case BUSY -> view.replicas() * view.busyShare() / BUSY_TARGET;
                };
        boolean close = view.replicas() > 0 && Math.abs(ratio / view.replicas() - 1) <= TOLERANCE;
        return close ? view.replicas() : (int) Math.min(Integer.MAX_VALUE, Math.ceil(ratio));
    }
}
