package dev.tessera.generator;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.tessera.generation.Condition;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.ModelBundle;
import dev.tessera.testmodels.TinyLlamaGen;
import dev.tessera.v1.TextStates;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** A tiny checkpoint, imported, with the greedy sequences that an independent implementation makes of it. */
public final class TinyModel {
    private static final int TEXT_WIDTH = 32;

    private final TinyLlamaGen checkpoint;
    private final JsonNode facts;
    private final ModelBundle bundle;

    private TinyModel(TinyLlamaGen checkpoint, ModelBundle bundle) {
        this.checkpoint = checkpoint;
        this.facts = checkpoint.facts();
        this.bundle = bundle;
    }

    /** @param target where the bundle is written; must not exist */
    public static TinyModel classes(Path target) {
        TinyLlamaGen checkpoint = TinyLlamaGen.classes();
        return new TinyModel(checkpoint, checkpoint.importTo(target, "tiny-classes"));
    }

    /** @param target where the bundle is written; must not exist */
    public static TinyModel text(Path target) {
        TinyLlamaGen checkpoint = TinyLlamaGen.text();
        return new TinyModel(checkpoint, checkpoint.importTo(target, "tiny-text"));
    }

    /**
     * With attention in 16 bits.
     *
     * @param target where the bundle is written; must not exist
     */
    public static TinyModel half(Path target) {
        TinyLlamaGen checkpoint = TinyLlamaGen.text();
        return new TinyModel(checkpoint, checkpoint.importHalfTo(target, "tiny-half"));
    }

    /** @param bundle what was imported of the text model */
    public static TinyModel openText(Path bundle) {
        return new TinyModel(TinyLlamaGen.text(), ModelBundle.open(bundle));
    }

    public ModelBundle bundle() {
        return bundle;
    }

    public float guidance() {
        return facts.get("guidance").floatValue();
    }

    /** How many greedy sequences there are. */
    public int sequences() {
        return facts.get("tokens").size();
    }

    /** What the sequence is conditioned on. */
    public Condition condition(int sequence) {
        return facts.has("classes")
                ? new Condition.OfClass(facts.get("classes").get(sequence).intValue())
                : new Condition.OfText(dev.tessera.generation.TextStates.fromHalfFloats(
                        states(sequence).getTokens(),
                        TEXT_WIDTH,
                        states(sequence).getHalfFloats().asReadOnlyByteBuffer()));
    }

    /** The sequence, as PyTorch made it. */
    public TokenGrid expected(int sequence) {
        JsonNode tokens = facts.get("tokens").get(sequence);
        int side = facts.get("grid").intValue();
        int[] ids = IntStream.range(0, tokens.size())
                .map(i -> tokens.get(i).intValue())
                .toArray();
        return new TokenGrid(side, side, bundle.manifest().codebook().size(), ids);
    }

    /** The sequence's text states, as the tokenizer service sends them. */
    public TextStates states(int sequence) {
        float[] values = checkpoint.expected("states." + sequence);
        ByteBuffer halves = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            halves.putShort(Float.floatToFloat16(value));
        }
        return TextStates.newBuilder()
                .setTokens(values.length / TEXT_WIDTH)
                .setWidth(TEXT_WIDTH)
                .setHalfFloats(ByteString.copyFrom(halves.flip()))
                .build();
    }
}
