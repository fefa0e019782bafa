package dev.tessera.generator;

import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Codebook;
import dev.tessera.inference.bundle.Conditioning;
import dev.tessera.inference.bundle.Defaults;
import dev.tessera.inference.bundle.Family;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.Provenance;
import dev.tessera.inference.bundle.WindowedTransformer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A network whose logits are a hash of the whole sequence, remembered or not: one token wrong, or a row mixed up, gives
 * other logits.
 */
final class FakeWindowModel implements WindowModel {
    static final int VOCABULARY = 32;
    static final int WINDOW = 4;
    static final int READERS = 3;

    /** Number of sequences of each run, negative where they were read and forgotten. */
    final List<Integer> runs = new ArrayList<>();

    /** Tokens that were fed, all in all. */
    long fed;

    int failingRuns;
    boolean closed;

    private final WindowDimensions dimensions;
    private final List<List<Integer>> cache = new ArrayList<>();
    private final List<Integer> scratch = new ArrayList<>();

    FakeWindowModel(int rows, Conditioning conditioning) {
        int prefix = conditioning instanceof MapConditioning ? WINDOW * WINDOW : 1;
        this.dimensions = WindowDimensions.of(new BundleManifest(
                BundleManifest.FORMAT,
                "fake",
                Family.WINDOWED,
                "hashes",
                List.of("generator"),
                conditioning,
                new ImageSize(8, 8),
                new Grid(WINDOW, WINDOW),
                new Codebook(VOCABULARY, 4),
                new WindowedTransformer(1, 1, 8, 8, prefix, WINDOW, 400),
                new Defaults(1, 1, 0, 1),
                Map.of(),
                "none",
                new Provenance("test", Map.of()),
                Map.of()));
        for (int row = 0; row < rows; row++) {
            cache.add(new ArrayList<>());
        }
    }

    @Override
    public WindowDimensions dimensions() {
        return dimensions;
    }

    @Override
    public int rows() {
        return cache.size();
    }

    @Override
    public int readers() {
        return READERS;
    }

    @Override
    public FloatBuffer run(int firstRow, List<SequencePart> parts, List<SequencePart> sequences) {
        if (parts.isEmpty() && sequences.isEmpty()) {
            throw new IllegalStateException("a run of nothing");
        }
        List<List<Integer>> read = goneOn(firstRow, parts);
        read.addAll(whole(sequences));
        return logits(read);
    }

    private List<List<Integer>> goneOn(int firstRow, List<SequencePart> parts) {
        requireEquallyLong(parts);
        List<List<Integer>> sequences = new ArrayList<>();
        if (!parts.isEmpty()) {
            runs.add(parts.size());
        }
        for (int i = 0; i < parts.size(); i++) {
            SequencePart part = parts.get(i);
            List<Integer> row = cache.get(firstRow + i);
            if (part.first() > row.size()) {
                throw new IllegalStateException("row " + (firstRow + i) + " remembers " + row.size() + " of " + part);
            }
            if (parts.size() > 1 && part.length() > 1 && part.first() > 0) {
                throw new IllegalStateException("longer parts of remembered sequences run alone");
            }
            row.subList(part.first(), row.size()).clear();
            append(row, part);
            sequences.add(row);
        }
        return sequences;
    }

    private List<List<Integer>> whole(List<SequencePart> parts) {
        requireEquallyLong(parts);
        if (parts.size() > READERS || parts.stream().anyMatch(part -> part.first() != 0)) {
            throw new IllegalStateException(parts + " cannot be read at once");
        }
        if (!parts.isEmpty()) {
            runs.add(-parts.size());
        }
        List<List<Integer>> sequences = new ArrayList<>();
        for (SequencePart part : parts) {
            List<Integer> sequence = new ArrayList<>();
            append(sequence, part);
            sequences.add(sequence);
        }
        return sequences;
    }

    private static void requireEquallyLong(List<SequencePart> parts) {
        if (parts.stream().mapToInt(SequencePart::length).distinct().count() > 1) {
            throw new IllegalStateException("parts of several lengths");
        }
    }

    @Override
    public FloatBuffer readFirst(SequencePart sequence) {
        scratch.clear();
        return readOther(sequence);
    }

    @Override
    public FloatBuffer readOther(SequencePart rest) {
        runs.add(-1);
        scratch.subList(rest.first(), scratch.size()).clear();
        append(scratch, rest);
        return logits(List.of(scratch));
    }

    private void append(List<Integer> sequence, SequencePart part) {
        for (int place = 0; place < part.length(); place++) {
            sequence.add(part.id(place));
        }
        fed += part.length();
    }

    private FloatBuffer logits(List<List<Integer>> sequences) {
        if (failingRuns > 0) {
            failingRuns--;
            throw new IllegalStateException("a run that fails");
        }
        FloatBuffer logits = FloatBuffer.allocate(sequences.size() * VOCABULARY);
        for (List<Integer> sequence : sequences) {
            long hash = 17;
            for (int token : sequence) {
                hash = mixed(hash, token);
            }
            for (int code = 0; code < VOCABULARY; code++) {
                hash = mixed(hash, code);
                logits.put(((hash >>> 40) & 0xFFFF) / 16384f);
            }
        }
        return logits.flip();
    }

    @Override
    public void copyRow(int from, int to, int slots) {
        cache.get(to).clear();
        cache.get(to).addAll(cache.get(from).subList(0, slots));
    }

    @Override
    public void close() {
        closed = true;
    }

    private static long mixed(long hash, long value) {
        return (hash + value) * 0x9E3779B97F4A7C15L ^ hash >>> 29;
    }
}
