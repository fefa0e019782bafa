package dev.tessera.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * One side of a comparison. The sides take turns, so that what else the machine does hits all of them.
 *
 * @param <T> what is measured in a turn
 */
final class Side<T> {
    private static final int ROUNDS = 3;

    private final Supplier<T> turn;
    private final List<T> measured = new ArrayList<>();

    Side(Supplier<T> turn) {
        this.turn = turn;
    }

    /** In each round every side has one turn, in this order. */
    static void takeTurns(Side<?>... sides) {
        for (int round = 0; round < ROUNDS; round++) {
            for (Side<?> side : sides) {
                side.takeTurn();
            }
        }
    }

    private void takeTurn() {
        measured.add(turn.get());
    }

    /** Of all rounds. */
    double median(ToDoubleFunction<T> number) {
        return Median.of(measured.stream().mapToDouble(number).toArray());
    }
}
