package dev.tessera.generator;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The images that share a next-scale model's rows, in order of arrival. A step runs the coarsest scale that any image is
 * at, with all images that are at it: so newcomers catch up, and from there on share every run. The coarse scales are
 * the cheap ones, and who waits there waits for no more images than there are slots.
 *
 * <p>Nobody overtakes, so that the scales never grow along the rows, and the images of a step are always the last ones:
 * one window of the model's rows. For one thread.
 */
final class ScaleBatch implements ImageBatch<ScaleImage> {
    private final NextScaleModel model;
    private final Samplers samplers;
    private final LongSupplier nanoClock;
    private final List<ScaleImage> images = new ArrayList<>();
    private int rows;

    ScaleBatch(NextScaleModel model) {
        this(model, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime}: what the images' share of the engine's time is measured with */
    ScaleBatch(NextScaleModel model, LongSupplier nanoClock) {
        this.model = model;
        this.nanoClock = nanoClock;
        this.samplers = new Samplers(model.dimensions().vocabulary());
    }

    @Override
    public ScaleImage image(GenerationRequest request, GenerationObserver observer) {
        return new ScaleImage(request, observer, model.dimensions());
    }

    @Override
    public boolean isEmpty() {
        return images.isEmpty();
    }

    @Override
    public int images() {
        return images.size();
    }

    @Override
    public boolean hasRoomFor(ScaleImage image) {
        return rows + image.rows() <= model.rows();
    }

    @Override
    public void join(ScaleImage image) {
        long begun = nanoClock.getAsLong();
        model.begin(rows, image.classId());
        if (image.rows() > 1) {
            model.accompany(rows + 1, image.unconditionalClass());
        }
        image.sitIn(rows);
        images.add(image);
        rows += image.rows();
        image.progress().spend(nanoClock.getAsLong() - begun);
    }

    @Override
    public void step() {
        long begun = nanoClock.getAsLong();
        List<ScaleImage> group = coarsest();
        int first = group.getFirst().row();
        int scale = group.getFirst().scale();
        FloatBuffer logits = model.advance(scale, first, rows);
        for (ScaleImage image : group) {
            image.draw(samplers, logits, image.row() - first);
            refine(image, scale);
        }
        charge(group, rows - first, begun);
        group.forEach(ScaleImage::finishScale);
    }

    private List<ScaleImage> coarsest() {
        int scale = images.getLast().scale();
        return images.stream().filter(image -> image.scale() == scale).toList();
    }

    /** Whole images need no picture: the decoder makes it anew. */
    private void refine(ScaleImage image, int scale) {
        if (!image.progress().ended() && scale + 1 < model.dimensions().scales()) {
            model.refine(image.row(), scale, image.tokens(scale));
        }
    }

    /** Splits the time of a step over the rows that shared it. */
    private void charge(List<ScaleImage> group, int sharing, long begun) {
        long perRow = (nanoClock.getAsLong() - begun) / sharing;
        group.forEach(image -> image.progress().spend(perRow * image.rows()));
    }

    /** Closes the gaps in order, because the rows of a step must stay together. */
    @Override
    public void removeEnded() {
        images.forEach(image -> image.progress().stopIfRequested());
        if (!images.removeIf(image -> image.progress().ended())) {
            return;
        }
        rows = 0;
        for (ScaleImage image : images) {
            moveTo(rows, image);
            rows += image.rows();
        }
    }

    private void moveTo(int row, ScaleImage image) {
        if (row == image.row()) {
            return;
        }
        for (int i = 0; i < image.rows(); i++) {
            model.copyRow(image.row() + i, row + i, image.scale());
        }
        image.sitIn(row);
    }

    @Override
    public List<ScaleImage> clear() {
        List<ScaleImage> cleared = List.copyOf(images);
        images.clear();
        rows = 0;
        return cleared;
    }

    @Override
    public void close() {
        samplers.close();
        model.close();
    }
}
