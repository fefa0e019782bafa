package dev.tessera.inference.foreign;

import java.lang.foreign.MemorySegment;

/** A tensor over memory that it does not own. */
public final class NativeValue implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment pointer;

    NativeValue(OrtApi api, MemorySegment pointer) {
        this.api = api;
        this.pointer = pointer;
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** The memory stays. */
    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_VALUE, pointer);
    }
}
