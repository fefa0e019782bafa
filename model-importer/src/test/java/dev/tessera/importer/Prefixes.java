package dev.tessera.importer;

import dev.tessera.inference.bundle.ClassConditioning;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.inference.bundle.NoConditioning;
import dev.tessera.inference.bundle.TextConditioning;
import java.util.stream.IntStream;

/** What the sequences of a fixture are conditioned on, as embeddings without padding. */
final class Prefixes implements AutoCloseable {
    private final ModelBundle bundle;
    private final Fixture fixture;
    private final GeneratorRun embedder;

    Prefixes(ModelBundle bundle, Fixture fixture) {
        this.bundle = bundle;
        this.fixture = fixture;
        this.embedder = new GeneratorRun(bundle, 1);
    }

    float[] of(int sequence, boolean conditional) {
        int codes = bundle.manifest().codebook().size();
        return switch (bundle.manifest().conditioning()) {
            case ClassConditioning classes -> {
                int label = conditional ? fixture.numbers("classes")[sequence] : classes.classes();
                yield embedder.embeddings(codes + label);
            }
            case TextConditioning text -> {
                int[] ids = fixture.sequences("ids").get(sequence);
                int[] lastRows = IntStream.range(text.maxTokens() - ids.length, text.maxTokens())
                        .map(row -> codes + row)
                        .toArray();
                yield conditional
                        ? TextGraphs.captions(bundle, TextGraphs.states(bundle, ids))
                        : embedder.embeddings(lastRows);
            }
            case MapConditioning _, NoConditioning _ -> throw new IllegalStateException("not of LlamaGen");
        };
    }

    @Override
    public void close() {
        embedder.close();
    }
}
