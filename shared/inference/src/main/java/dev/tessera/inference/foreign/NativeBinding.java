package dev.tessera.inference.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/**
 * What one session reads and writes. A value stays in use by a binding until another takes its place, or the binding is closed.
 * For one thread at a time.
 */
public final class NativeBinding implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment session;
    private final MemorySegment options;
    private final MemorySegment pointer;
    private final Arena arena = Arena.ofShared();
    private final Map<String, MemorySegment> names = new HashMap<>();

    NativeBinding(OrtApi api, MemorySegment session, MemorySegment options, MemorySegment pointer) {
        this.api = api;
        this.session = session;
        this.options = options;
        this.pointer = pointer;
    }

    /**
     * A value that does not lie where the session reads it is copied there, now: what is written to it later is not seen until
     * it is bound again.
     */
    public void input(String name, NativeValue value) throws OrtStatusException {
        api.call(OrtFunction.BIND_INPUT, pointer, name(name), value.pointer());
    }

    /** A value that does not lie where the session writes it gets a copy when a run ends. */
    public void output(String name, NativeValue value) throws OrtStatusException {
        api.call(OrtFunction.BIND_OUTPUT, pointer, name(name), value.pointer());
    }

    /** Returns when all outputs are where they belong. */
    public void run() throws OrtStatusException {
        api.call(OrtFunction.SYNCHRONIZE_BOUND_INPUTS, pointer);
        api.call(OrtFunction.RUN_WITH_BINDING, session, options, pointer);
        api.call(OrtFunction.SYNCHRONIZE_BOUND_OUTPUTS, pointer);
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_IO_BINDING, pointer);
        api.release(OrtFunction.RELEASE_RUN_OPTIONS, options);
        arena.close();
    }

    private MemorySegment name(String name) {
        return names.computeIfAbsent(name, arena::allocateFrom);
    }
}
