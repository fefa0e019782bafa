package dev.tessera.inference.foreign;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * The functions of one loaded library. A call costs about a microsecond, for its arguments are boxed: a step of a network makes
 * a dozen.
 */
final class OrtApi {
    /** Of a string that is read: the messages, names and versions of the runtime are shorter. */
    private static final long LONGEST_STRING = 1 << 16;

    private final Map<OrtFunction, MethodHandle> functions = new EnumMap<>(OrtFunction.class);

    private OrtApi(MemorySegment table) {
        MemorySegment entries = table.reinterpret(entries() * ADDRESS.byteSize());
        for (OrtFunction function : OrtFunction.values()) {
            MemorySegment address = entries.getAtIndex(ADDRESS, function.index());
            functions.put(function, spread(address, function.descriptor()));
        }
    }

    /** @throws OrtStatusException when the library is none of ONNX Runtime, or too old */
    static OrtApi of(SymbolLookup library) throws OrtStatusException {
        MemorySegment getBase = library.find("OrtGetApiBase")
                .orElseThrow(() -> new OrtStatusException(0, "the library has no OrtGetApiBase"));
        MemorySegment base = ((MemorySegment) invoke(spread(getBase, FunctionDescriptor.of(ADDRESS))))
                .reinterpret(2 * ADDRESS.byteSize());
        MethodHandle getApi = spread(base.getAtIndex(ADDRESS, 0), FunctionDescriptor.of(ADDRESS, JAVA_INT));
        var table = (MemorySegment) invoke(getApi, OrtFunction.API_VERSION);
        if (MemorySegment.NULL.equals(table)) {
            MethodHandle version = spread(base.getAtIndex(ADDRESS, 1), FunctionDescriptor.of(ADDRESS));
            throw new OrtStatusException(0, "the library is of version " + string((MemorySegment) invoke(version)));
        }
        return new OrtApi(table);
    }

    /** Calls what returns a status. */
    void call(OrtFunction function, Object... arguments) throws OrtStatusException {
        var status = (MemorySegment) invoke(handle(function), arguments);
        if (!MemorySegment.NULL.equals(status)) {
            throw failure(status);
        }
    }

    /** Calls what returns a status and writes a pointer to where its last argument says, which is added here. */
    MemorySegment make(OrtFunction function, Object... arguments) throws OrtStatusException {
        try (Arena arena = Arena.ofConfined()) {
            return write(arena.allocate(ADDRESS), function, arguments).get(ADDRESS, 0);
        }
    }

    /** As {@link #make}, of a {@code size_t}. */
    long size(OrtFunction function, Object... arguments) throws OrtStatusException {
        try (Arena arena = Arena.ofConfined()) {
            return write(arena.allocate(JAVA_LONG), function, arguments).get(JAVA_LONG, 0);
        }
    }

    /** As {@link #make}, of an enumeration. */
    int constant(OrtFunction function, Object... arguments) throws OrtStatusException {
        try (Arena arena = Arena.ofConfined()) {
            return write(arena.allocate(JAVA_INT), function, arguments).get(JAVA_INT, 0);
        }
    }

    /** Calls what releases an object. */
    void release(OrtFunction function, MemorySegment object) {
        invoke(handle(function), object);
    }

    static String string(MemorySegment address) {
        return address.reinterpret(LONGEST_STRING).getString(0);
    }

    private MemorySegment write(MemorySegment place, OrtFunction function, Object... arguments)
            throws OrtStatusException {
        Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = place;
        call(function, all);
        return place;
    }

    private OrtStatusException failure(MemorySegment status) {
        int code = (int) invoke(handle(OrtFunction.GET_ERROR_CODE), status);
        String message = string((MemorySegment) invoke(handle(OrtFunction.GET_ERROR_MESSAGE), status));
        release(OrtFunction.RELEASE_STATUS, status);
        return new OrtStatusException(code, message);
    }

    private MethodHandle handle(OrtFunction function) {
        MethodHandle handle = functions.get(function);
        if (handle == null) {
            throw new IllegalStateException("no " + function);
        }
        return handle;
    }

    private static long entries() {
        return 1L
                + Arrays.stream(OrtFunction.values())
                        .mapToInt(OrtFunction::index)
                        .max()
                        .orElseThrow();
    }

    private static MethodHandle spread(MemorySegment address, FunctionDescriptor descriptor) {
        MethodHandle function = Linker.nativeLinker().downcallHandle(address, descriptor);
        return function.asSpreader(Object[].class, descriptor.argumentLayouts().size());
    }

    private static Object invoke(MethodHandle function, Object... arguments) {
        try {
            return (Object) function.invoke(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native function threw", e);
        }
    }
}
