package dev.tessera.generation;

import dev.tessera.pipeline.JobEvents;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What was done of an image when its worker left. Random numbers are keyed by position, so another worker that knows this
 * and the request makes of it what the first one would have made. Immutable.
 */
public final class PartialImage {
    /** In place of the token of a cell that is not drawn. */
    public static final int OPEN = -1;

    private static final PartialImage NONE = new PartialImage(new int[0], 0, 0, Duration.ZERO);

    private final int[] ids;
    private final int stepsDone;
    private final int tokensDone;
    private final Duration engineTime;

    /**
     * @param ids of all cells of all grids, in the order of a token grid
     * @param stepsDone how many of the family's own steps
     * @param tokensDone as observers are told
     * @param engineTime the image's share of the time that engines worked on it
     */
    public PartialImage(int[] ids, int stepsDone, int tokensDone, Duration engineTime) {
        this.ids = ids.clone();
        this.stepsDone = stepsDone;
        this.tokensDone = tokensDone;
        this.engineTime = engineTime;
    }

    /** Of an image that nobody has begun. */
    public static PartialImage none() {
        return NONE;
    }

    /** As it travels: 0 is an open cell. */
    public static PartialImage of(dev.tessera.v1.PartialImage message) {
        int[] ids = message.getTokensList().stream()
                .mapToInt(token -> token - 1)
                .map(id -> id < OPEN ? Integer.MAX_VALUE : id)
                .toArray();
        var time = message.getEngineTime();
        return new PartialImage(
                ids,
                message.getStepsDone(),
                message.getTokensDone(),
                Duration.ofSeconds(time.getSeconds(), time.getNanos()));
    }

    /** As {@link #of}. */
    public dev.tessera.v1.PartialImage message() {
        var message = dev.tessera.v1.PartialImage.newBuilder()
                .setStepsDone(stepsDone)
                .setTokensDone(tokensDone)
                .setEngineTime(JobEvents.duration(engineTime));
        Arrays.stream(ids).forEach(id -> message.addTokens(id + 1));
        return message.build();
    }

    /**
     * This, if it can be an image of a model, and else nothing: a worker of another version may count its steps otherwise,
     * and the image that is begun anew is the same.
     *
     * @param cells of all grids
     * @param vocabulary number of codes
     * @param drawn the cells that are drawn after as many steps
     * @param tokens that are done after as many steps
     */
    public PartialImage ifOf(int cells, int vocabulary, IntPredicate drawn, int tokens) {
        return ids.length == cells && tokensDone == tokens && agrees(vocabulary, drawn) ? this : NONE;
    }

    private boolean agrees(int vocabulary, IntPredicate drawn) {
        for (int cell = 0; cell < ids.length; cell++) {
            if (ids[cell] >= vocabulary || isDrawn(cell) != drawn.test(cell)) {
                return false;
            }
        }
        return true;
    }

    public boolean isNone() {
        return ids.length == 0;
    }

    public boolean isDrawn(int cell) {
        return ids[cell] != OPEN;
    }

    /** How many cells are drawn. */
    public int drawn() {
        return (int) Arrays.stream(ids).filter(id -> id != OPEN).count();
    }

    /** Of all cells, or none; those that are not drawn are {@link #OPEN}. */
    public int[] ids() {
        return ids.clone();
    }

    /** Of all cells; those that are not drawn hold something else instead. */
    public int[] ids(int cells, int open) {
        int[] all = new int[cells];
        Arrays.setAll(all, cell -> cell < ids.length && isDrawn(cell) ? ids[cell] : open);
        return all;
    }

    public int stepsDone() {
        return stepsDone;
    }

    public int tokensDone() {
        return tokensDone;
    }

    public Duration engineTime() {
        return engineTime;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartialImage image
                && stepsDone == image.stepsDone
                && tokensDone == image.tokensDone
                && engineTime.equals(image.engineTime)
                && Arrays.equals(ids, image.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids) * 31 + stepsDone;
    }

    @Override
    public String toString() {
        return "PartialImage[" + drawn() + " of " + ids.length + " cells after step " + stepsDone + "]";
    }
}
