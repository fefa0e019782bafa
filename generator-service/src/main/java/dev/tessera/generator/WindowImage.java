package dev.tessera.generator;

import dev.tessera.generation.BatchedImage;
import dev.tessera.generation.GenerationException;
import dev.tessera.generation.GenerationException.Reason;
import dev.tessera.generation.GenerationObserver;
import dev.tessera.generation.GenerationRequest;
import dev.tessera.generation.ImageProgress;
import dev.tessera.generation.PartialImage;
import dev.tessera.generator.WindowRule.Cell;
import dev.tessera.inference.ImageRandom.Purpose;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.TokenSampler;
import dev.tessera.inference.bundle.Grid;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One image of a windowed model in the making: its tokens, how far the wave has come, and the windows it keeps. */
final class WindowImage implements BatchedImage {
    private final GenerationRequest request;
    private final WindowDimensions dimensions;
    private final WindowRule rule;
    private final WindowCondition condition;
    private final KeptTokens kept;
    private final PartialImage done;
    private final ImageProgress progress;
    private final int[] tokens;
    private final Map<Cell, KeptWindow> windows = new HashMap<>();
    private int step;

    /** @throws GenerationException.Unservable when the model cannot serve the request */
    WindowImage(GenerationRequest request, GenerationObserver observer, WindowDimensions dimensions) {
        this(request, observer, dimensions, rule(request, dimensions));
    }

    /** @param rule in which order the cells are drawn */
    WindowImage(GenerationRequest request, GenerationObserver observer, WindowDimensions dimensions, WindowRule rule) {
        requireUnguided(request);
        this.request = request;
        this.dimensions = dimensions;
        this.rule = rule;
        this.condition = WindowCondition.of(request.condition(), dimensions, rule);
        this.kept =
                KeptTokens.ofRaster(request.canvas(), new Grid(rule.rows(), rule.columns()), dimensions.vocabulary());
        this.done = done(request.partial(), dimensions, rule);
        this.tokens = done.ids(rule.rows() * rule.columns(), 0);
        kept.over(tokens);
        this.progress = new ImageProgress(observer, tokens.length, done);
    }

    private static WindowRule rule(GenerationRequest request, WindowDimensions dimensions) {
        Grid grid = dimensions
                .grid(request.width(), request.height())
                .orElseThrow(() -> new GenerationException.Unservable(
                        Reason.INVALID_REQUEST,
                        "size: the model makes no images of " + request.width() + " x " + request.height()
                                + " pixels"));
        return WindowRule.waveFront(grid.rows(), grid.columns(), dimensions.window());
    }

    private static PartialImage done(PartialImage partial, WindowDimensions dimensions, WindowRule rule) {
        int steps = partial.stepsDone();
        return partial.ifOf(
                rule.rows() * rule.columns(),
                dimensions.vocabulary(),
                index -> rule.isDrawn(index, steps),
                partial.drawn());
    }

    @Override
    public PartialImage partial() {
        int steps = Math.max(step, done.stepsDone());
        int[] ids = tokens.clone();
        Arrays.setAll(ids, index -> rule.isDrawn(index, steps) ? tokens[index] : PartialImage.OPEN);
        return progress.partial(ids, steps);
    }

    private static void requireUnguided(GenerationRequest request) {
        if (request.sampling().guided()) {
            throw new GenerationException.Unservable(
                    Reason.INVALID_REQUEST, "guidance_scale: the model has no guidance, which is 1");
        }
    }

    @Override
    public ImageProgress progress() {
        return progress;
    }

    WindowRule rule() {
        return rule;
    }

    /** The cells to draw next. */
    List<Cell> cells() {
        return rule.cells(step);
    }

    /** Whether a cell's token is known from the beginning. */
    boolean keeps(Cell cell) {
        return kept.keeps(index(cell));
    }

    /** Whether all cells of the step are known from the beginning, so that others need not wait for it. */
    boolean standsIdle() {
        return !progress.ended() && cells().stream().allMatch(this::keeps);
    }

    private int index(Cell cell) {
        return cell.row() * rule.columns() + cell.column();
    }

    /** The window of a cell, if it is kept. */
    Optional<KeptWindow> window(Cell cell) {
        return Optional.ofNullable(windows.get(corner(cell)));
    }

    KeptWindow keep(Cell cell, int row) {
        var window = new KeptWindow(this, corner(cell), row);
        windows.put(window.corner(), window);
        return window;
    }

    void forget(KeptWindow window) {
        windows.remove(window.corner());
    }

    List<KeptWindow> windows() {
        return List.copyOf(windows.values());
    }

    private Cell corner(Cell cell) {
        return new Cell(rule.top(cell.row()), rule.left(cell.column()));
    }

    /** What the network must read to know the cell, from a position of its window's sequence on. */
    SequencePart before(Cell cell, int from) {
        int[] ids = new int[dimensions.prefixTokens() + rule.place(cell) - from];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(cell, from + i);
        }
        return new SequencePart(from, ids);
    }

    private int id(Cell cell, int position) {
        Cell corner = corner(cell);
        int place = position - dimensions.prefixTokens();
        if (place < 0) {
            return condition.id(corner, position);
        }
        int row = corner.row() + place / rule.side();
        return tokens[row * rule.columns() + corner.column() + place % rule.side()];
    }

    /**
     * Draws a cell, unless it is known; whatever goes wrong is this image's failure alone. Cells of one step may be drawn side by side.
     *
     * @param logits [sequences, vocabulary]
     * @param sequence the cell's
     */
    void draw(Cell cell, TokenSampler sampler, FloatBuffer logits, int sequence) {
        if (progress.repeats()) {
            return;
        }
        int index = index(cell);
        double uniform = request.random().uniform(Purpose.TOKEN, index, 0);
        try {
            tokens[index] = sampler.draw(logits, sequence, request.sampling(), uniform);
        } catch (IllegalArgumentException e) {
            progress.fail(new GenerationException.Unservable(Reason.LOGITS_INVALID, String.valueOf(e.getMessage()), e));
        }
    }

    /** Its cells are drawn and paid for, unless drawing failed. */
    void finishStep() {
        if (progress.ended()) {
            return;
        }
        progress.advance(cells().size());
        step++;
        if (progress.whole()) {
            progress.complete(new TokenGrid(rule.rows(), rule.columns(), dimensions.vocabulary(), tokens));
        }
    }

    @Override
    public String toString() {
        return "WindowImage[" + rule.rows() + " x " + rule.columns() + " at step " + step + "]";
    }
}
