package dev.tessera.generator;

import dev.tessera.generation.Samplers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;

/** Brings the cells of a step into as few runs of the network as can be, and draws what they give. For one thread. */
final class WindowRuns implements AutoCloseable {
    private final WindowModel model;
    private final Samplers samplers;
    private final int prefix;

    WindowRuns(WindowModel model) {
        this.model = model;
        this.samplers = new Samplers(model.dimensions().vocabulary());
        this.prefix = model.dimensions().prefixTokens();
    }

    /** @param draws of which none sees another */
    void run(List<WindowDraw> draws) {
        extend(sorted(
                draws.stream().filter(WindowDraw::remembered).toList(), Comparator.comparingInt(WindowDraw::row)));
        read(sorted(
                draws.stream().filter(draw -> !draw.remembered()).toList(),
                Comparator.comparingInt(draw -> draw.part().beginning(prefix))));
    }

    private static List<WindowDraw> sorted(List<WindowDraw> draws, Comparator<WindowDraw> order) {
        return draws.stream().sorted(order).toList();
    }

    /** @param draws in the order of their rows */
    private void extend(List<WindowDraw> draws) {
        for (List<WindowDraw> run : chains(draws, WindowDraw::follows)) {
            FloatBuffer logits = model.extend(run.getFirst().row(), parts(run));
            run.forEach(draw -> draw.window().orElseThrow().fill(draw.part().end()));
            draw(run, logits);
        }
    }

    /**
     * Windows of one map at one place, as images of a job have them at the same time, share its reading.
     *
     * @param draws those that begin alike next to each other
     */
    private void read(List<WindowDraw> draws) {
        List<WindowDraw> others = new ArrayList<>();
        for (List<WindowDraw> alike : chains(draws, this::alike)) {
            if (alike.size() > 1) {
                readAlike(alike);
            } else {
                others.addAll(alike);
            }
        }
        readTogether(sorted(others, Comparator.comparingInt(WindowDraw::length)));
    }

    /** A prefix of one token is not worth it. */
    private boolean alike(WindowDraw draw, WindowDraw before) {
        return prefix > 1 && draw.part().beginsLike(before.part(), prefix);
    }

    private void readAlike(List<WindowDraw> alike) {
        draw(alike.subList(0, 1), model.read(parts(alike.subList(0, 1))));
        for (WindowDraw other : alike.subList(1, alike.size())) {
            draw(List.of(other), model.readOther(other.part().without(prefix)));
        }
    }

    /** @param draws in the order of their lengths */
    private void readTogether(List<WindowDraw> draws) {
        for (List<WindowDraw> equal : chains(draws, (draw, before) -> draw.length() == before.length())) {
            for (int begin = 0; begin < equal.size(); begin += model.readers()) {
                List<WindowDraw> run = equal.subList(begin, Math.min(begin + model.readers(), equal.size()));
                draw(run, model.read(parts(run)));
            }
        }
    }

    /** Cuts a list wherever one draw does not link to the one before. */
    private static List<List<WindowDraw>> chains(List<WindowDraw> draws, BiPredicate<WindowDraw, WindowDraw> linked) {
        List<List<WindowDraw>> chains = new ArrayList<>();
        int begin = 0;
        for (int end = 1; end <= draws.size(); end++) {
            if (end == draws.size() || !linked.test(draws.get(end), draws.get(end - 1))) {
                chains.add(draws.subList(begin, end));
                begin = end;
            }
        }
        return chains;
    }

    private static List<SequencePart> parts(List<WindowDraw> run) {
        return run.stream().map(WindowDraw::part).toList();
    }

    private void draw(List<WindowDraw> run, FloatBuffer logits) {
        samplers.draw(
                run.size(),
                (sampler, index) -> run.get(index).image().draw(run.get(index).cell(), sampler, logits, index));
    }

    @Override
    public void close() {
        samplers.close();
    }
}
