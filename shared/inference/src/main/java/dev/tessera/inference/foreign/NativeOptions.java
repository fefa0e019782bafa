package dev.tessera.inference.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Map;

/** How a session is to be opened. */
public final class NativeOptions implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment pointer;

    NativeOptions(OrtApi api, MemorySegment pointer) {
        this.api = api;
        this.pointer = pointer;
    }

    /**
     * One operator after another.
     *
     * @param threads that share one operator's work; 0 for one per physical core
     */
    public void sequential(int threads) throws OrtStatusException {
        int sequential = 0;
        api.call(OrtFunction.SET_SESSION_EXECUTION_MODE, pointer, sequential);
        api.call(OrtFunction.SET_INTER_OP_NUM_THREADS, pointer, 1);
        api.call(OrtFunction.SET_INTRA_OP_NUM_THREADS, pointer, threads);
    }

    /** @param level one of {@code GraphOptimizationLevel} */
    public void optimisation(int level) throws OrtStatusException {
        api.call(OrtFunction.SET_SESSION_GRAPH_OPTIMIZATION_LEVEL, pointer, level);
    }

    /** One of the settings that the runtime knows by name. */
    public void set(String key, String value) throws OrtStatusException {
        try (Arena arena = Arena.ofConfined()) {
            api.call(OrtFunction.ADD_SESSION_CONFIG_ENTRY, pointer, arena.allocateFrom(key), arena.allocateFrom(value));
        }
    }

    /**
     * Gives the CUDA provider all nodes that it has kernels for.
     *
     * @throws OrtStatusException when the library has no such provider, its own library cannot be loaded, or an option is unknown
     */
    public void cuda(Map<String, String> options) throws OrtStatusException {
        MemorySegment cuda = api.make(OrtFunction.CREATE_CUDA_PROVIDER_OPTIONS);
        try (Arena arena = Arena.ofConfined()) {
            api.call(
                    OrtFunction.UPDATE_CUDA_PROVIDER_OPTIONS,
                    cuda,
                    strings(arena, options.keySet()),
                    strings(arena, options.values()),
                    (long) options.size());
            api.call(OrtFunction.SESSION_OPTIONS_APPEND_EXECUTION_PROVIDER_CUDA_V2, pointer, cuda);
        } finally {
            api.release(OrtFunction.RELEASE_CUDA_PROVIDER_OPTIONS, cuda);
        }
    }

    MemorySegment pointer() {
        return pointer;
    }

    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_SESSION_OPTIONS, pointer);
    }

    private static MemorySegment strings(Arena arena, Collection<String> strings) {
        MemorySegment pointers = arena.allocate(ADDRESS, strings.size());
        long index = 0;
        for (String string : strings) {
            pointers.setAtIndex(ADDRESS, index++, arena.allocateFrom(string));
        }
        return pointers;
    }
}
