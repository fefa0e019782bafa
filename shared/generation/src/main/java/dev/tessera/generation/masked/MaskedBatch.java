package dev.tessera.generation.masked;

import dev.tessera.generation.Condition;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageBatch;
import dev.tessera.generation.Samplers;
import dev.tessera.generation.SeatedImages;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * The images that share a masked model's rows, in order of arrival. Every step runs all of them, whatever step each is
 * at: the network does not know. The rows in use are always the first ones. For one thread.
 */
final class MaskedBatch implements ImageBatch<MaskedImage> {
    private final MaskedModel model;
    private final Samplers samplers;
    private final LongSupplier nanoClock;
    private final SeatedImages<MaskedImage> images;

    MaskedBatch(MaskedModel model) {
        this(model, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime}: what the images' share of the engine's time is measured with */
    MaskedBatch(MaskedModel model, LongSupplier nanoClock) {
        this.model = model;
        this.nanoClock = nanoClock;
        this.images = new SeatedImages<>(model.rows());
        this.samplers = new Samplers(model.dimensions().vocabulary());
    }

    @Override
    public MaskedImage image(GenerationRequest request, GenerationObserver observer) {
        return new MaskedImage(request, observer, model.dimensions());
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
    public boolean hasRoomFor(MaskedImage image) {
        return images.hasRoomFor(image);
    }

    @Override
    public void join(MaskedImage image) {
        if (image.openCells().length == 0) {
            image.complete();
            return;
        }
        long begun = nanoClock.getAsLong();
        List<Condition.Textual> conditions = image.conditions().all();
        for (int i = 0; i < conditions.size(); i++) {
            model.begin(images.rows() + i, conditions.get(i));
        }
        images.seat(image);
        image.progress().spend(nanoClock.getAsLong() - begun);
    }

    @Override
    public void step() {
        long begun = nanoClock.getAsLong();
        FloatBuffer logits = model.advance(tokens(), wanted());
        int first = 0;
        for (MaskedImage image : images.all()) {
            int open = image.openCells().length;
            image.unmask(samplers, logits, first);
            first += image.rows() * open;
        }
        charge(begun);
        images.all().forEach(MaskedImage::finishStep);
    }

    /** Of all rows; those of one image hold the same. */
    private int[] tokens() {
        int cells = model.dimensions().cells();
        int[] tokens = new int[images.rows() * cells];
        for (MaskedImage image : images.all()) {
            for (int i = 0; i < image.rows(); i++) {
                System.arraycopy(image.tokens(), 0, tokens, (image.row() + i) * cells, cells);
            }
        }
        return tokens;
    }

    /** The open cells of all rows. */
    private int[] wanted() {
        int cells = model.dimensions().cells();
        return images.all().stream()
                .flatMapToInt(image -> IntStream.range(0, image.rows())
                        .flatMap(i -> IntStream.of(image.openCells()).map(cell -> (image.row() + i) * cells + cell)))
                .toArray();
    }

    /** Splits the time of a step over the rows that shared it. */
    private void charge(long begun) {
        long perRow = (nanoClock.getAsLong() - begun) / images.rows();
        images.all().forEach(image -> image.progress().spend(perRow * image.rows()));
    }

    @Override
    public void removeEnded() {
        images.removeEnded((image, from, to) -> model.copyRow(from, to));
    }

    @Override
    public List<MaskedImage> clear() {
        return images.clear();
    }

    @Override
    public void close() {
        samplers.close();
        model.close();
    }
}
