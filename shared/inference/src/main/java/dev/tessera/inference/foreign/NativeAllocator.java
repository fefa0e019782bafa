package dev.tessera.inference.foreign;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Memory of one kind, given by a session, which must outlive it. For one thread at a time. */
public final class NativeAllocator implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment pointer;
    private final List<MemorySegment> allocated = new ArrayList<>();

    NativeAllocator(OrtApi api, MemorySegment pointer) {
        this.api = api;
        this.pointer = pointer;
    }

    /** Memory with anything in it. Where it is a device's, its address means nothing here and must not be read. */
    public MemorySegment allocate(long bytes) throws OrtStatusException {
        MemorySegment memory = api.make(OrtFunction.ALLOCATOR_ALLOC, pointer, bytes);
        allocated.add(memory);
        return memory.reinterpret(bytes);
    }

    /** Gives all of it back. */
    @Override
    public void close() throws OrtStatusException {
        for (MemorySegment memory : allocated) {
            api.call(OrtFunction.ALLOCATOR_FREE, pointer, memory);
        }
        allocated.clear();
        api.release(OrtFunction.RELEASE_ALLOCATOR, pointer);
    }
}
