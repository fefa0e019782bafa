package dev.tessera.generator;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageBatch;
import dev.tessera.generation.Samplers;
import dev.tessera.generation.SeatedImages;
import java.nio.FloatBuffer;
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
    private final SeatedImages<ScaleImage> images;

    ScaleBatch(NextScaleModel model) {
        this(model, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime}: what the images' share of the engine's time is measured with */
    ScaleBatch(NextScaleModel model, LongSupplier nanoClock) {
        this.model = model;
        this.nanoClock = nanoClock;
        this.images = new SeatedImages<>(model.rows());
        this.samplers = new Samplers(model.dimensions().vocabulary());
    }

    @Override
    public ScaleImage image(GenerationRequest request, GenerationObserver observer) {
        return new ScaleImage(request, observer, model.dimensions(), model.codes());
    }

    @Override
    public boolean isEmpty() {
        return images.all().isEmpty();
    }

    @Override
    public int images() {
        return images.all().size();
    }

    @Override
    public boolean hasRoomFor(ScaleImage image) {
        return images.hasRoomFor(image);
    }

    @Override
    public void join(ScaleImage image) {
        long begun = nanoClock.getAsLong();
        int row = images.rows();
        model.begin(row, image.classId());
        if (image.rows() > 1) {
            model.accompany(row + 1, image.unconditionalClass());
        }
        images.seat(image);
        image.progress().spend(nanoClock.getAsLong() - begun);
    }

    @Override
    public void step() {
        long begun = nanoClock.getAsLong();
        List<ScaleImage> group = coarsest();
        int first = group.getFirst().row();
        int scale = group.getFirst().scale();
        FloatBuffer logits = model.advance(scale, first, images.rows());
        for (ScaleImage image : group) {
            image.draw(samplers, logits, image.row() - first);
            image.refine(model);
        }
        charge(group, images.rows() - first, begun);
        group.forEach(ScaleImage::finishScale);
    }

    private List<ScaleImage> coarsest() {
        int scale = images.all().getLast().scale();
        return images.all().stream().filter(image -> image.scale() == scale).toList();
    }

    /** Splits the time of a step over the rows that shared it. */
    private void charge(List<ScaleImage> group, int sharing, long begun) {
        long perRow = (nanoClock.getAsLong() - begun) / sharing;
        group.forEach(image -> image.progress().spend(perRow * image.rows()));
    }

    @Override
    public void removeEnded() {
        // In order, because the rows of a step must stay together.
        images.removeEnded((image, from, to) -> model.copyRow(from, to, image.scale()));
    }

    @Override
    public List<ScaleImage> clear() {
        return images.clear();
    }

    @Override
    public void close() {
        samplers.close();
        model.close();
    }
}
