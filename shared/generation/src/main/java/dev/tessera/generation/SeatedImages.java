package dev.tessera.generation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Images in order of arrival, in a network's rows from the first on, without gaps. For one thread. */
public final class SeatedImages<I extends SeatedImage> {
    private final int capacity;
    private final List<I> images = new ArrayList<>();
    private int rows;

    /** @param capacity rows of the network */
    public SeatedImages(int capacity) {
        this.capacity = capacity;
    }

    /** In order of their rows. */
    public List<I> all() {
        return Collections.unmodifiableList(images);
    }

    /** How many rows are taken; the next image sits in the one after. */
    public int rows() {
        return rows;
    }

    public boolean hasRoomFor(I image) {
        return rows + image.rows() <= capacity;
    }

    public void seat(I image) {
        image.sitIn(rows);
        images.add(image);
        rows += image.rows();
    }

    /** Frees the rows of images that have ended or are to stop, and closes the gaps in order. */
    public void removeEnded(RowCopy<I> copy) {
        images.forEach(image -> image.progress().stopIfRequested());
        if (!images.removeIf(image -> image.progress().ended())) {
            return;
        }
        rows = 0;
        for (I image : images) {
            moveTo(rows, image, copy);
            rows += image.rows();
        }
    }

    private void moveTo(int row, I image, RowCopy<I> copy) {
        if (row == image.row()) {
            return;
        }
        for (int i = 0; i < image.rows(); i++) {
            copy.copy(image, image.row() + i, row + i);
        }
        image.sitIn(row);
    }

    /** Frees all rows, and gives the images back that were in them. */
    public List<I> clear() {
        List<I> cleared = List.copyOf(images);
        images.clear();
        rows = 0;
        return cleared;
    }

    /** What the network keeps of an image in one row, copied to another. */
    @FunctionalInterface
    public interface RowCopy<I> {
        void copy(I image, int from, int to);
    }
}
