package dev.tessera.importer.graph;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import dev.tessera.importer.checkpoint.Weights;
import dev.tessera.importer.graph.Initializer.Parameters;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The external data of one graph, appended tensor by tensor through a buffer of fixed size. Tensors begin at multiples
 * of {@value #ALIGNMENT} bytes, large ones at page boundaries, so that they can be mapped. There is no file when nothing
 * was appended.
 */
final class WeightFile implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    private static final int PAGE = 4096;
    private static final long PAGED_FROM = 1 << 20;
    private static final int CHUNK = 1 << 18;

    private final Path file;
    private final FileChannel channel;
    private final float[] values = new float[CHUNK];
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(CHUNK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long end;

    WeightFile(Path file) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** What the graph calls it. */
    String name() {
        return file.getFileName().toString();
    }

    /** Returns the offset at which the weights begin. */
    long append(Parameters parameters) throws IOException {
        long size = parameters.elements() * parameters.type().bytes();
        int alignment = size >= PAGED_FROM ? PAGE : ALIGNMENT;
        long begin = Math.ceilDiv(end, alignment) * alignment;
        write(ByteBuffer.allocate(Math.toIntExact(begin - end)));
        for (Weights part : parameters.parts()) {
            append(part, parameters.type());
        }
        end = begin + size;
        return begin;
    }

    private void append(Weights part, DataType type) throws IOException {
        for (long from = 0; from < part.elements(); from += CHUNK) {
            int count = (int) Math.min(CHUNK, part.elements() - from);
            part.read(from, values, count);
            buffer.clear();
            put(part, values, count, type, buffer);
            write(buffer.flip());
        }
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** The few weights of a small tensor, as they lie inside the graph. */
    static byte[] inline(Parameters parameters) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(
                        parameters.elements() * parameters.type().bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (Weights part : parameters.parts()) {
            float[] values = new float[Math.toIntExact(part.elements())];
            part.read(0, values, values.length);
            put(part, values, values.length, parameters.type(), bytes);
        }
        return bytes.array();
    }

    private static void put(Weights part, float[] values, int count, DataType type, ByteBuffer into) {
        switch (type) {
            case FLOAT -> {
                into.asFloatBuffer().put(values, 0, count);
                into.position(into.position() + count * Float.BYTES);
            }
            case FLOAT16 -> putHalves(part, values, count, into);
            case INT8, UINT8 -> putBytes(values, count, into);
            case INT32, INT64 -> throw new IllegalArgumentException(type + " is no type of weights");
        }
    }

    private static void putHalves(Weights part, float[] values, int count, ByteBuffer into) {
        for (int i = 0; i < count; i++) {
            short half = Float.floatToFloat16(values[i]);
            if (!Float.isFinite(Float.float16ToFloat(half))) {
                throw new ImportException(
                        Reason.INVALID_WEIGHT,
                        "tensor '" + part.name() + "' holds the weight " + values[i] + ", too large for fp16 storage");
            }
            into.putShort(half);
        }
    }

    private static void putBytes(float[] values, int count, ByteBuffer into) {
        for (int i = 0; i < count; i++) {
            into.put((byte) (int) values[i]);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (end == 0) {
            Files.delete(file);
        }
    }
}
