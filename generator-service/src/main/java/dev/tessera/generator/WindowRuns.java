package dev.tessera.generator;

import dev.tessera.generation.Samplers;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

    /**
     * A run goes on with remembered windows and reads others: the single tokens of the one kind then cost no run of their own.
     *
     * @param draws of which none sees another
     */
    void run(List<WindowDraw> draws) {
        List<List<WindowDraw>> goingOn = chains(
                sorted(draws, WindowDraw::remembered, Comparator.comparingInt(WindowDraw::row)), WindowDraw::follows);
        List<List<WindowDraw>> reading =
                reading(sorted(draws, draw -> !draw.remembered(), Comparator.comparingInt(draw -> draw.part()
                        .beginning(prefix))));
        for (int i = 0; i < Math.max(goingOn.size(), reading.size()); i++) {
            run(ofIndex(goingOn, i), ofIndex(reading, i));
        }
    }

    private static List<WindowDraw> sorted(
            List<WindowDraw> draws, Predicate<WindowDraw> kind, Comparator<WindowDraw> order) {
        return draws.stream().filter(kind).sorted(order).toList();
    }

    private static List<WindowDraw> ofIndex(List<List<WindowDraw>> runs, int index) {
        return index < runs.size() ? runs.get(index) : List.of();
    }

    private void run(List<WindowDraw> goingOn, List<WindowDraw> reading) {
        int firstRow = goingOn.isEmpty() ? 0 : goingOn.getFirst().row();
        FloatBuffer logits = model.run(firstRow, parts(goingOn), parts(reading));
        goingOn.forEach(draw -> draw.window().orElseThrow().fill(draw.part().end()));
        draw(Stream.concat(goingOn.stream(), reading.stream()).toList(), logits);
    }

    /**
     * Brings windows that are equally long together. Those of one map at one place, as images of a job have them at the
     * same time, share its reading and are done with.
     *
     * @param draws those that begin alike next to each other
     */
    private List<List<WindowDraw>> reading(List<WindowDraw> draws) {
        List<WindowDraw> others = new ArrayList<>();
        for (List<WindowDraw> alike : chains(draws, this::alike)) {
            if (alike.size() > 1) {
                readAlike(alike);
            } else {
                others.addAll(alike);
            }
        }
        return equallyLong(others);
    }

    /** A prefix of one token is not worth it. */
    private boolean alike(WindowDraw draw, WindowDraw before) {
        return prefix > 1 && draw.part().beginsLike(before.part(), prefix);
    }

    private void readAlike(List<WindowDraw> alike) {
        WindowDraw first = alike.getFirst();
        draw(List.of(first), model.readFirst(first.part()));
        for (WindowDraw other : alike.subList(1, alike.size())) {
            draw(List.of(other), model.readOther(other.part().without(prefix)));
        }
    }

    private List<List<WindowDraw>> equallyLong(List<WindowDraw> draws) {
        List<WindowDraw> byLength = sorted(draws, draw -> true, Comparator.comparingInt(WindowDraw::length));
        List<List<WindowDraw>> runs = new ArrayList<>();
        for (List<WindowDraw> equal : chains(byLength, (draw, before) -> draw.length() == before.length())) {
            for (int begin = 0; begin < equal.size(); begin += model.readers()) {
                runs.add(equal.subList(begin, Math.min(begin + model.readers(), equal.size())));
            }
        }
        return runs;
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
