package dev.tessera.benchmarks.scaling;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The images that one replica works on at once. All share its time equally, and the fuller it is the more it gets done: of what a
 * full batch does, one image gets a sixth. That follows the measured times of a step in docs/performance.md: 19.5 ms for one row, 23.4
 * for 2, 35.5 for 8, 53 for 16.
 */
final class Batch {
    static final int SLOTS = 16;

    private static final int[] ROWS = {0, 1, 2, 8, 16};
    private static final double[] STEP_MS = {19.5, 19.5, 23.4, 35.5, 53};

    private final PriorityQueue<Part> parts = new PriorityQueue<>(Comparator.comparingDouble(Part::end));
    private double done;
    private double since;

    /** @param end what each image will have got when this one is done */
    private record Part(Image image, double begun, double end) {}

    /** @param asked when it was asked for */
    record Image(double asked, double cost) {}

    int size() {
        return parts.size();
    }

    boolean isFull() {
        return parts.size() == SLOTS;
    }

    /** What is left of its images, in seconds of a full batch. */
    double left(double now) {
        double each = done + share() * (now - since);
        return parts.stream()
                .mapToDouble(part -> Math.max(0, part.end() - each))
                .sum();
    }

    void begin(Image image, double now) {
        advance(now);
        parts.add(new Part(image, now, done + image.cost()));
    }

    /** When the next image is done, if none comes or goes. */
    double nextEnd(double now) {
        advance(now);
        return parts.isEmpty()
                ? Double.POSITIVE_INFINITY
                : now + Math.max(0, parts.element().end() - done) / share();
    }

    /** The image that is done now. */
    Optional<Image> finish(double now) {
        advance(now);
        return Optional.ofNullable(parts.poll()).map(Part::image);
    }

    /** Takes away what is not done by a later time. */
    List<Image> handBack(double now, double by) {
        advance(now);
        double reached = done + share() * (by - now);
        List<Part> late = parts.stream().filter(part -> part.end() > reached).toList();
        parts.removeAll(late);
        return new ArrayList<>(late.stream().map(Part::image).toList());
    }

    /** Work of a full batch that this many images together get done in a second. */
    static double speed(int images) {
        return images / stepMillis(images) / (SLOTS / stepMillis(SLOTS));
    }

    private double share() {
        return parts.isEmpty() ? 0 : speed(parts.size()) / parts.size();
    }

    private void advance(double now) {
        done += share() * (now - since);
        since = now;
    }

    private static double stepMillis(int rows) {
        for (int i = 1; i < ROWS.length; i++) {
            if (rows <= ROWS[i]) {
                double part = (double) (rows - ROWS[i - 1]) / (ROWS[i] - ROWS[i - 1]);
                return STEP_MS[i - 1] + part * (STEP_MS[i] - STEP_MS[i - 1]);
            }
        }
        throw new IllegalArgumentException(rows + " rows");
    }
}
