package dev.tessera.importer.checkpoint;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The numbers a checkpoint may hold, always in little-endian order. */
public enum ElementType {
    FLOAT64(8, true),
    FLOAT32(4, true),
    FLOAT16(2, true),
    BFLOAT16(2, true),
    INT64(8, false),
    INT32(4, false),
    INT16(2, false),
    INT8(1, false),
    UINT8(1, false),
    BOOL(1, false);

    private static final ValueLayout.OfDouble DOUBLE =
            ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;
    private final boolean floating;

    ElementType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /** Size of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether a weight may be of this type. */
    public boolean floating() {
        return floating;
    }

    /** Reads {@code count} neighbouring elements, the first at {@code index}. */
    void read(MemorySegment data, long index, float[] into, int at, int count) {
        if (this == FLOAT32) {
            MemorySegment.copy(data, FLOAT, index * bytes, into, at, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            into[at + i] = read(data, index + i);
        }
    }

    /** Reads the element at {@code index}. */
    float read(MemorySegment data, long index) {
        long offset = index * bytes;
        return switch (this) {
            case FLOAT64 -> (float) data.get(DOUBLE, offset);
            case FLOAT32 -> data.get(FLOAT, offset);
            case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, offset));
            case BFLOAT16 -> Float.intBitsToFloat(data.get(SHORT, offset) << 16);
            case INT64, INT32, INT16, INT8, UINT8, BOOL ->
                throw new UnsupportedOperationException(this + " is not a weight type");
        };
    }
}
