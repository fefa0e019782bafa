package dev.tessera.inference.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A loaded graph. Any number of threads may run it at once, each with a binding of its own. */
public final class NativeSession implements AutoCloseable {
    private final OrtApi api;
    private final MemorySegment pointer;

    NativeSession(OrtApi api, MemorySegment pointer) {
        this.api = api;
        this.pointer = pointer;
    }

    public List<NativePort> inputs() throws OrtStatusException {
        return ports(
                OrtFunction.SESSION_GET_INPUT_COUNT,
                OrtFunction.SESSION_GET_INPUT_NAME,
                OrtFunction.SESSION_GET_INPUT_TYPE_INFO);
    }

    public List<NativePort> outputs() throws OrtStatusException {
        return ports(
                OrtFunction.SESSION_GET_OUTPUT_COUNT,
                OrtFunction.SESSION_GET_OUTPUT_NAME,
                OrtFunction.SESSION_GET_OUTPUT_TYPE_INFO);
    }

    /** Nothing is bound yet. */
    public NativeBinding bind() throws OrtStatusException {
        MemorySegment options = api.make(OrtFunction.CREATE_RUN_OPTIONS);
        return new NativeBinding(api, pointer, options, api.make(OrtFunction.CREATE_IO_BINDING, pointer));
    }

    MemorySegment pointer() {
        return pointer;
    }

    /** What was bound must have been closed. */
    @Override
    public void close() {
        api.release(OrtFunction.RELEASE_SESSION, pointer);
    }

    private List<NativePort> ports(OrtFunction count, OrtFunction name, OrtFunction type) throws OrtStatusException {
        long all = api.size(count, pointer);
        List<NativePort> ports = new ArrayList<>();
        for (long i = 0; i < all; i++) {
            MemorySegment info = api.make(type, pointer, i);
            try {
                ports.add(port(name(name, i), info));
            } finally {
                api.release(OrtFunction.RELEASE_TYPE_INFO, info);
            }
        }
        return ports;
    }

    private String name(OrtFunction function, long index) throws OrtStatusException {
        // Never released: it belongs to the runtime.
        MemorySegment allocator = api.make(OrtFunction.GET_ALLOCATOR_WITH_DEFAULT_OPTIONS);
        MemorySegment name = api.make(function, pointer, index, allocator);
        try {
            return OrtApi.string(name);
        } finally {
            api.call(OrtFunction.ALLOCATOR_FREE, allocator, name);
        }
    }

    private NativePort port(String name, MemorySegment info) throws OrtStatusException {
        // Part of the other information, and released with it.
        MemorySegment tensor = api.make(OrtFunction.CAST_TYPE_INFO_TO_TENSOR_INFO, info);
        if (MemorySegment.NULL.equals(tensor)) {
            return new NativePort(name, 0, List.of());
        }
        long count = api.size(OrtFunction.GET_DIMENSIONS_COUNT, tensor);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment dimensions = arena.allocate(ValueLayout.JAVA_LONG, Math.max(1, count));
            api.call(OrtFunction.GET_DIMENSIONS, tensor, dimensions, count);
            long[] shape = Arrays.copyOf(dimensions.toArray(ValueLayout.JAVA_LONG), Math.toIntExact(count));
            return new NativePort(
                    name,
                    api.constant(OrtFunction.GET_TENSOR_ELEMENT_TYPE, tensor),
                    Arrays.stream(shape).boxed().toList());
        }
    }
}
