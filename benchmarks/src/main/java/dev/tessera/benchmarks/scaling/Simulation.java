package dev.tessera.benchmarks.scaling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One pool under load, event by event. Images are begun in the order in which they came, by whichever replica has room, as a share
 * group gives them out; those that are handed back go first.
 */
final class Simulation {
    /** After which a waiting job is given up. */
    static final double TIMEOUT = 3600;

    private static final double MOMENT = 60;

    private final Scenario scenario;
    private final Autoscaler autoscaler;
    private final boolean push;
    /** Of its own, so that every signal sees the same requests. */
    private final SplittableRandom requests;

    private final SplittableRandom chance;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Deque<Batch.Image> queue = new ArrayDeque<>();
    private final List<Replica> starting = new ArrayList<>();
    private final List<Replica> running = new ArrayList<>();
    /** A replica is in here once for each slot that is free. */
    private final List<Replica> free = new ArrayList<>();

    private final Observation observed = new Observation();
    private final Tally tally = new Tally();
    private double now;
    private double queuedSeconds;

    private Simulation(Scenario scenario, Signal signal, double targetSeconds) {
        this.scenario = scenario;
        autoscaler = new Autoscaler(
                signal, scenario.pool(), targetSeconds, scenario.mix().mean());
        push = signal != Signal.MESSAGES && signal != Signal.BUSY;
        requests = new SplittableRandom(scenario.seed());
        chance = requests.split();
    }

    static Outcome run(Scenario scenario, Signal signal, double targetSeconds) {
        return new Simulation(scenario, signal, targetSeconds).run();
    }

    private enum Kind {
        ARRIVAL,
        READY,
        DONE,
        LOST,
        LOOK,
        MOMENT
    }

    /** @param turn of the replica's batch: what it was said of is not so any more when that has changed */
    private record Event(double time, Kind kind, Replica replica, int turn) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return Double.compare(time, other.time);
        }
    }

    private static final class Replica {
        private final double since;
        private final Batch batch = new Batch();
        private boolean gone;
        private boolean leaving;
        private int turn;

        private Replica(double since) {
            this.since = since;
        }
    }

    private static final Replica NOBODY = new Replica(0);

    private Outcome run() {
        for (int i = 0; i < scenario.pool().min(); i++) {
            order(0);
        }
        at(nextArrival(0), Kind.ARRIVAL);
        at(Autoscaler.PERIOD, Kind.LOOK);
        at(MOMENT, Kind.MOMENT);
        while (events.element().time() <= scenario.seconds()) {
            Event event = events.remove();
            now = event.time();
            handle(event);
        }
        now = scenario.seconds();
        starting.forEach(this::pay);
        running.forEach(this::pay);
        tally.givenUp += queue.stream().filter(this::isOverdue).count();
        return tally.outcome();
    }

    private void handle(Event event) {
        switch (event.kind()) {
            case ARRIVAL -> arrive();
            case READY -> ready(event.replica());
            case DONE -> done(event.replica(), event.turn());
            case LOST -> lose(event.replica());
            case LOOK -> {
                look();
                at(now + Autoscaler.PERIOD, Kind.LOOK);
            }
            case MOMENT -> {
                tally.moment(now, MOMENT, replicas(), queue.size());
                at(now + MOMENT, Kind.MOMENT);
            }
        }
    }

    private void arrive() {
        double share = scenario.mix().largeShare(now);
        double cost = requests.nextDouble() < share
                ? scenario.mix().large()
                : scenario.mix().small();
        tally.arrived(cost);
        observed.arrived(cost);
        queue.addLast(new Batch.Image(now, cost));
        queuedSeconds += cost;
        assign();
        tally.mostWaiting = Math.max(tally.mostWaiting, queue.size());
        if (push && starting.isEmpty() && running.isEmpty()) {
            look();
        }
        at(nextArrival(now), Kind.ARRIVAL);
    }

    /** By thinning: times at the peak's rate, of which those are kept that the rate of their time allows. */
    private double nextArrival(double from) {
        double time = from;
        do {
            time -= Math.log(1 - requests.nextDouble()) / scenario.arrivals().peak();
        } while (time < scenario.seconds()
                && requests.nextDouble() * scenario.arrivals().peak()
                        > scenario.arrivals().rate(time));
        return time;
    }

    private void assign() {
        while (!queue.isEmpty() && !free.isEmpty()) {
            Replica replica = takeFreeSlot();
            if (replica.gone || replica.leaving) {
                continue;
            }
            Batch.Image image = queue.removeFirst();
            queuedSeconds -= image.cost();
            if (isOverdue(image)) {
                tally.givenUp++;
                free.add(replica);
                continue;
            }
            tally.waits.add(now - image.asked());
            observe(replica);
            replica.batch.begin(image, now);
            schedule(replica);
        }
    }

    private Replica takeFreeSlot() {
        int index = chance.nextInt(free.size());
        Replica replica = free.get(index);
        free.set(index, free.getLast());
        free.removeLast();
        return replica;
    }

    private boolean isOverdue(Batch.Image image) {
        return now - image.asked() > TIMEOUT;
    }

    private void schedule(Replica replica) {
        replica.turn++;
        double end = replica.batch.nextEnd(now);
        if (end < Double.POSITIVE_INFINITY) {
            events.add(new Event(end, Kind.DONE, replica, replica.turn));
        }
    }

    private void done(Replica replica, int turn) {
        if (replica.turn != turn || replica.gone) {
            return;
        }
        observe(replica);
        double cost = replica.batch.finish(now).orElseThrow().cost();
        tally.work += cost;
        observed.finished(cost);
        if (!replica.leaving) {
            free.add(replica);
        } else if (replica.batch.size() == 0) {
            end(replica);
        }
        schedule(replica);
        assign();
    }

    private void order(double delay) {
        Replica replica = new Replica(now);
        starting.add(replica);
        events.add(new Event(now + delay, Kind.READY, replica, 0));
    }

    private void ready(Replica replica) {
        if (replica.gone) {
            return;
        }
        starting.remove(replica);
        running.add(replica);
        for (int slot = 0; slot < Batch.SLOTS; slot++) {
            free.add(replica);
        }
        double perHour = scenario.pool().lossPerHour();
        if (perHour > 0) {
            double life = -Math.log(1 - chance.nextDouble()) * 3600 / perHour;
            events.add(new Event(now + life, Kind.LOST, replica, 0));
        }
        assign();
    }

    /** What can be done within the notice is; anything else is begun anew elsewhere. */
    private void lose(Replica replica) {
        if (replica.gone) {
            return;
        }
        observe(replica);
        double left = replica.batch.left(now);
        List<Batch.Image> late =
                replica.batch.handBack(now, now + scenario.pool().notice());
        double whole = late.stream().mapToDouble(Batch.Image::cost).sum();
        tally.redone += Math.max(0, whole - (left - replica.batch.left(now)));
        late.reversed().forEach(queue::addFirst);
        queuedSeconds += whole;
        leave(replica);
        schedule(replica);
        assign();
    }

    private void leave(Replica replica) {
        replica.leaving = true;
        free.removeIf(slot -> slot == replica);
        if (replica.batch.size() == 0) {
            end(replica);
        }
    }

    private void end(Replica replica) {
        replica.gone = true;
        starting.remove(replica);
        running.remove(replica);
        pay(replica);
    }

    private void pay(Replica replica) {
        tally.paid += now - replica.since;
    }

    private void look() {
        running.forEach(this::observe);
        int have = replicas();
        tally.mostReplicas = Math.max(tally.mostReplicas, have);
        double left =
                running.stream().mapToDouble(replica -> replica.batch.left(now)).sum();
        int inFlight =
                running.stream().mapToInt(replica -> replica.batch.size()).sum();
        resize(have, autoscaler.wish(now, observed.look(now, have, queuedSeconds + left, queue.size() + inFlight)));
    }

    /** A replica is busy while it has any image, however few. */
    private void observe(Replica replica) {
        observed.busy(replica, now, replica.batch.size() > 0);
    }

    private void resize(int have, int wish) {
        for (int i = have; i < wish; i++) {
            order(scenario.pool().coldStart());
        }
        for (int i = have; i > wish; i--) {
            takeAway();
        }
    }

    /** First who does not work yet, then who has the least in hand, after that is done: what deletion costs are for. */
    private void takeAway() {
        if (!starting.isEmpty()) {
            end(starting.getLast());
            return;
        }
        running.stream()
                .filter(replica -> !replica.leaving)
                .min((one, other) -> Integer.compare(one.batch.size(), other.batch.size()))
                .ifPresent(this::leave);
    }

    private int replicas() {
        return starting.size()
                + (int) running.stream().filter(replica -> !replica.leaving).count();
    }

    private void at(double time, Kind kind) {
        events.add(new Event(time, kind, NOBODY, 0));
    }
}
