package dev.tessera.generator;

import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageBatch;
import dev.tessera.generator.WindowRule.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The images that share a windowed model. A step draws of each image all cells that can be drawn at once. Cells whose
 * window stays put go on from what the model remembers of it: they run together where their rows are neighbours and their
 * parts equally long, as those of images no larger than the window are. Other cells have their windows read from the
 * beginning, some at a time. Cells that an edit keeps are not drawn: they are read where others see them. For one thread,
 * but for {@link #image}.
 */
final class WindowBatch implements ImageBatch<WindowImage> {
    private final WindowModel model;
    private final LongSupplier nanoClock;
    private final WindowRuns runs;
    private final WindowRows rows;
    private final List<WindowImage> images = new ArrayList<>();

    WindowBatch(WindowModel model) {
        this(model, System::nanoTime);
    }

    /** @param nanoClock as {@link System#nanoTime}: what the images' share of the engine's time is measured with */
    WindowBatch(WindowModel model, LongSupplier nanoClock) {
        this.model = model;
        this.nanoClock = nanoClock;
        this.runs = new WindowRuns(model);
        this.rows = new WindowRows(model);
    }

    @Override
    public WindowImage image(GenerationRequest request, GenerationObserver observer) {
        return new WindowImage(request, observer, model.dimensions());
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
    public boolean hasRoomFor(WindowImage image) {
        return images.size() < model.rows();
    }

    @Override
    public void join(WindowImage image) {
        images.add(image);
    }

    @Override
    public void step() {
        long begun = nanoClock.getAsLong();
        List<WindowDraw> draws = draws();
        runs.run(draws);
        charge(draws, begun);
        images.forEach(this::finishStep);
    }

    /** And those that follow in which nothing is to be drawn. */
    private void finishStep(WindowImage image) {
        do {
            image.cells().forEach(cell -> rows.leave(image, cell));
            image.finishStep();
        } while (image.standsIdle());
    }

    private List<WindowDraw> draws() {
        List<WindowDraw> draws = new ArrayList<>();
        for (WindowImage image : images) {
            for (Cell cell : image.cells()) {
                if (image.keeps(cell)) {
                    // Whatever sees it is fed with it.
                    continue;
                }
                Optional<KeptWindow> window = rows.seat(image, cell);
                if (window.isEmpty() && image.progress().repeats()) {
                    // The token is known, and reading it would leave nothing that others need.
                    continue;
                }
                int from = window.map(KeptWindow::filled).orElse(0);
                draws.add(new WindowDraw(image, cell, window, image.before(cell, from)));
            }
        }
        return draws;
    }

    /** Splits the time of a step over the tokens that were read in it. */
    private void charge(List<WindowDraw> draws, long begun) {
        long tokens = draws.stream().mapToLong(WindowDraw::length).sum();
        long nanos = nanoClock.getAsLong() - begun;
        draws.forEach(draw -> draw.image().progress().spend(nanos * draw.length() / tokens));
    }

    @Override
    public void removeEnded() {
        images.forEach(image -> image.progress().stopIfRequested());
        images.stream().filter(image -> image.progress().ended()).forEach(rows::releaseAll);
        images.removeIf(image -> image.progress().ended());
    }

    @Override
    public List<WindowImage> clear() {
        List<WindowImage> cleared = List.copyOf(images);
        images.clear();
        rows.clear();
        return cleared;
    }

    @Override
    public void close() {
        runs.close();
        model.close();
    }
}
