package dev.tessera.generator.onnx;

import dev.tessera.generator.SequencePart;
import dev.tessera.inference.onnx.OnnxGraph;
import dev.tessera.inference.onnx.Tensor;
import dev.tessera.inference.onnx.TensorMemory;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run of a windowed network is fed with, but for the cache. */
final class WindowInputs {
    /** Fed where a run has nothing to go on with, or nothing to read: the graph wants some of both. */
    private static final List<SequencePart> ONE_TOKEN = List.of(new SequencePart(0, new int[] {0}));

    private final TensorMemory memory;
    private final OnnxGraph embedding;
    private final int width;

    /**
     * @param memory that owns the tensors
     * @param width of an embedding
     */
    WindowInputs(TensorMemory memory, OnnxGraph embedding, int width) {
        this.memory = memory;
        this.embedding = embedding;
        this.width = width;
    }

    /**
     * The inputs for which the network gives logits [parts + sequences, vocabulary].
     *
     * @param parts with which remembered sequences go on, all equally long
     * @param sequences that are read whole, all equally long
     */
    Map<String, Tensor> of(List<SequencePart> parts, List<SequencePart> sequences) {
        List<SequencePart> goingOn = parts.isEmpty() ? ONE_TOKEN : parts;
        List<SequencePart> reading = sequences.isEmpty() ? ONE_TOKEN : sequences;
        Tensor longest = memory.int32(1);
        longest.ints().put(0, goingOn.stream().mapToInt(SequencePart::end).max().orElseThrow());
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        inputs.put("embeddings", embeddings(goingOn));
        inputs.put("seqlens_k", seqlens(goingOn));
        inputs.put("total_length", longest);
        inputs.put("position_ids", positions(goingOn));
        inputs.put("windows", embeddings(reading));
        inputs.put("last", last(parts, sequences, tokens(goingOn)));
        return inputs;
    }

    private static int tokens(List<SequencePart> parts) {
        return parts.size() * parts.getFirst().length();
    }

    private Tensor embeddings(List<SequencePart> parts) {
        int length = parts.getFirst().length();
        Tensor ids = memory.int64(parts.size(), length);
        LongBuffer values = ids.longs();
        for (SequencePart part : parts) {
            for (int place = 0; place < length; place++) {
                values.put(part.id(place));
            }
        }
        Tensor embeddings = memory.float32(parts.size(), length, width);
        embedding.run(Map.of("ids", ids), Map.of("embeddings", embeddings));
        return embeddings;
    }

    private Tensor seqlens(List<SequencePart> parts) {
        Tensor seqlens = memory.int32(parts.size());
        IntBuffer values = seqlens.ints();
        parts.forEach(part -> values.put(part.end() - 1));
        return seqlens;
    }

    private Tensor positions(List<SequencePart> parts) {
        int length = parts.getFirst().length();
        Tensor positions = memory.int64(parts.size(), length);
        LongBuffer values = positions.longs();
        for (SequencePart part : parts) {
            for (int place = 0; place < length; place++) {
                values.put((long) part.first() + place);
            }
        }
        return positions;
    }

    /** Where the last tokens are, among all that are fed. */
    private Tensor last(List<SequencePart> parts, List<SequencePart> sequences, int before) {
        Tensor last = memory.int64(parts.size() + sequences.size());
        LongBuffer values = last.longs();
        putLast(parts, 0, values);
        putLast(sequences, before, values);
        return last;
    }

    private static void putLast(List<SequencePart> parts, int before, LongBuffer values) {
        int end = before;
        for (SequencePart part : parts) {
            end += part.length();
            values.put(end - 1L);
        }
    }
}
