package dev.tessera.generator;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageBatch;
import dev.tessera.generation.Samplers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The images that share the model's rows, each at a token of its own. An image joins with its prefill, between any two
 * steps, and leaves its rows as soon as it has ended; the rows in use are always the first ones.
 *
 * <p>A guided image sits in two rows, conditional and unconditional, which are fed the same drawn tokens. For one thread.
 */
final class DecodingBatch implements ImageBatch<ImageInFlight> {
    private final NextTokenModel model;
    private final Samplers samplers;
    private final List<ImageInFlight> images = new ArrayList<>();
    private final ImageInFlight[] owners;
    private final int[] prefixLengths;
    private final int[] tokens;
    private final int[] cells;
    private final int[] slots;
    private final LongSupplier nanoClock;
    private int rows;
    private long chargedUntil;

    DecodingBatch(NextTokenModel model) {
        this(model, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime}: what the images' share of the engine's time is measured with */
    DecodingBatch(NextTokenModel model, LongSupplier nanoClock) {
        this.model = model;
        this.nanoClock = nanoClock;
        this.samplers = new Samplers(model.dimensions().vocabulary());
        this.owners = new ImageInFlight[model.rows()];
        this.prefixLengths = new int[model.rows()];
        this.tokens = new int[model.rows()];
        this.cells = new int[model.rows()];
        this.slots = new int[model.rows()];
    }

    @Override
    public ImageInFlight image(GenerationRequest request, GenerationObserver observer) {
        return new ImageInFlight(request, observer, model.dimensions());
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
    public List<ImageInFlight> clear() {
        List<ImageInFlight> cleared = List.copyOf(images);
        images.clear();
        rows = 0;
        return cleared;
    }

    @Override
    public boolean hasRoomFor(ImageInFlight image) {
        return rows + image.rows() <= owners.length;
    }

    /** Prefills the image's rows and draws its first token. */
    @Override
    public void join(ImageInFlight image) {
        Prefixes prefixes = image.prefixes();
        long begun = nanoClock.getAsLong();
        model.prefill(rows, prefixes.conditional());
        if (image.guided()) {
            model.prefill(rows + 1, prefixes.unconditional());
        }
        chargePrefill(image, begun);
        image.sitIn(rows, rows + 1);
        images.add(image);
        occupy(image, prefixes.conditional());
        if (image.guided()) {
            occupy(image, prefixes.unconditional());
        }
        draw(List.of(image));
    }

    /** The newcomer's alone: to those in flight it is as if the time had not passed. */
    private void chargePrefill(ImageInFlight newcomer, long begun) {
        long now = nanoClock.getAsLong();
        newcomer.progress().spend(now - begun);
        chargedUntil = images.isEmpty() ? now : chargedUntil + (now - begun);
    }

    private void occupy(ImageInFlight image, Prefix prefix) {
        owners[rows] = image;
        prefixLengths[rows] = prefix.length();
        rows++;
    }

    /** Feeds every image the token drawn last and draws the next. */
    @Override
    public void step() {
        for (int row = 0; row < rows; row++) {
            tokens[row] = owners[row].lastToken();
            cells[row] = owners[row].lastCell();
            slots[row] = prefixLengths[row] + cells[row];
        }
        model.step(rows, tokens, cells, slots);
        chargeStep();
        draw(images);
    }

    private void draw(List<ImageInFlight> drawn) {
        samplers.draw(drawn.size(), (sampler, index) -> drawn.get(index).draw(sampler, model.logits()));
        drawn.forEach(ImageInFlight::finishToken);
    }

    /** Splits the time since the last step, with the draws after it, over the rows that shared it. */
    private void chargeStep() {
        long now = nanoClock.getAsLong();
        long perRow = (now - chargedUntil) / rows;
        images.forEach(image -> image.progress().spend(perRow * image.rows()));
        chargedUntil = now;
    }

    /** Closes the gaps with the last rows. */
    @Override
    public void removeEnded() {
        images.forEach(image -> image.progress().stopIfRequested());
        if (!images.removeIf(ImageInFlight::ended)) {
            return;
        }
        for (int row = 0; row < rows; row++) {
            while (rows > row && owners[rows - 1].ended()) {
                rows--;
            }
            if (row < rows && owners[row].ended()) {
                moveLastRowTo(row);
            }
        }
    }

    private void moveLastRowTo(int row) {
        int last = --rows;
        ImageInFlight image = owners[last];
        model.copyRow(last, row, prefixLengths[last] + image.lastCell());
        image.moveRow(last, row);
        owners[row] = image;
        prefixLengths[row] = prefixLengths[last];
    }

    @Override
    public void close() {
        samplers.close();
        model.close();
    }
}
