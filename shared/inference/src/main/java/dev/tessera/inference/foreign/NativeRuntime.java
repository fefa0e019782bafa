package dev.tessera.inference.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A loaded library with its environment; both live as long as the process. Safe for use by several threads at once. */
public final class NativeRuntime {
    private static final int WARNING = 2;

    private final OrtApi api;
    private final MemorySegment environment;
    private final Map<String, MemorySegment> places = new ConcurrentHashMap<>();

    private NativeRuntime(OrtApi api, MemorySegment environment) {
        this.api = api;
        this.environment = environment;
    }

    /**
     * @param library {@code libonnxruntime}, which stays loaded
     * @throws OrtStatusException when it is not that library, or too old
     */
    public static NativeRuntime of(SymbolLookup library) throws OrtStatusException {
        OrtApi api = OrtApi.of(library);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment environment = api.make(OrtFunction.CREATE_ENV, WARNING, arena.allocateFrom("tessera"));
            api.call(OrtFunction.DISABLE_TELEMETRY_EVENTS, environment);
            return new NativeRuntime(api, environment);
        }
    }

    /** What a session shall be opened with. */
    public NativeOptions options() throws OrtStatusException {
        return new NativeOptions(api, api.make(OrtFunction.CREATE_SESSION_OPTIONS));
    }

    /** Loads a graph and its weights. */
    public NativeSession open(Path file, NativeOptions options) throws OrtStatusException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(file.toString());
            return new NativeSession(api, api.make(OrtFunction.CREATE_SESSION, environment, path, options.pointer()));
        }
    }

    /** Loads a graph without files of its own. */
    public NativeSession open(byte[] graph, NativeOptions options) throws OrtStatusException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(graph.length);
            MemorySegment.copy(MemorySegment.ofArray(graph), 0, bytes, 0, graph.length);
            return new NativeSession(
                    api,
                    api.make(
                            OrtFunction.CREATE_SESSION_FROM_ARRAY,
                            environment,
                            bytes,
                            bytes.byteSize(),
                            options.pointer()));
        }
    }

    /**
     * Memory as a tensor, without a copy.
     *
     * @param place the kind of memory, by the runtime's name: {@code Cpu} or {@code Cuda}
     * @param memory as long as the tensor, and alive as long as it
     * @param elementType one of {@code ONNXTensorElementDataType}
     */
    public NativeValue value(String place, MemorySegment memory, int elementType, long... shape)
            throws OrtStatusException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dimensions = arena.allocate(Long.BYTES * (long) shape.length, Long.BYTES);
            MemorySegment.copy(MemorySegment.ofArray(shape), 0, dimensions, 0, dimensions.byteSize());
            return new NativeValue(
                    api,
                    api.make(
                            OrtFunction.CREATE_TENSOR_WITH_DATA_AS_ORT_VALUE,
                            place(place),
                            memory,
                            memory.byteSize(),
                            dimensions,
                            (long) shape.length,
                            elementType));
        }
    }

    /**
     * What gives a session's graph memory where it computes.
     *
     * @param place as in {@link #value}
     */
    public NativeAllocator allocator(NativeSession session, String place) throws OrtStatusException {
        return new NativeAllocator(api, api.make(OrtFunction.CREATE_ALLOCATOR, session.pointer(), place(place)));
    }

    private MemorySegment place(String name) throws OrtStatusException {
        MemorySegment known = places.get(name);
        if (known != null) {
            return known;
        }
        try (Arena arena = Arena.ofConfined()) {
            int deviceAllocator = 0;
            int device = 0;
            int defaultMemory = 0;
            MemorySegment made = api.make(
                    OrtFunction.CREATE_MEMORY_INFO, arena.allocateFrom(name), deviceAllocator, device, defaultMemory);
            MemorySegment other = places.putIfAbsent(name, made);
            if (other == null) {
                return made;
            }
            api.release(OrtFunction.RELEASE_MEMORY_INFO, made);
            return other;
        }
    }
}
