package dev.tessera.benchmarks.drain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What was done to a fleet. Safe for use by many threads. */
final class Strikes {
    private final List<Double> secondsToLeave = new ArrayList<>();
    private final List<Double> secondsToStart = new ArrayList<>();
    private int kills;
    private int notByItself;
    private int missed;
    private GeneratorMetrics remembered = GeneratorMetrics.NONE;

    synchronized void left(boolean byItself, double seconds) {
        secondsToLeave.add(seconds);
        notByItself += byItself ? 0 : 1;
    }

    synchronized void started(double seconds) {
        secondsToStart.add(seconds);
    }

    synchronized void killed() {
        kills++;
    }

    synchronized void miss() {
        missed++;
    }

    synchronized void remember(GeneratorMetrics last) {
        remembered = remembered.plus(last);
    }

    synchronized GeneratorMetrics remembered() {
        return remembered;
    }

    synchronized int sigterms() {
        return secondsToLeave.size();
    }

    synchronized int kills() {
        return kills;
    }

    /** SIGTERMs that had to be followed by SIGKILL. */
    synchronized int notByItself() {
        return notByItself;
    }

    /** Times at which no member was ready. */
    synchronized int missed() {
        return missed;
    }

    /** Of one generator, from its process to where it takes work. */
    synchronized double longestSecondsToStart() {
        return secondsToStart.isEmpty() ? 0 : Collections.max(secondsToStart);
    }

    synchronized double medianSecondsToStart() {
        List<Double> sorted = secondsToStart.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    /** Of one SIGTERM, until the process was gone. */
    synchronized double longestSecondsToLeave() {
        return secondsToLeave.isEmpty() ? 0 : Collections.max(secondsToLeave);
    }
}
