package dev.tessera.inference.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * While it is open, its thread computes with nought instead of subnormal numbers, those below 2⁻¹²⁶. An Intel processor
 * takes a hundred times as long for one of them, and a softmax is full of them where it leaves a sequence's future out.
 *
 * <p>ONNX Runtime can do that for its own threads; but the thread that calls it computes as well. So both do, or neither
 * does, where there is no such thing as the control register of an x64 processor on Linux. Outside a run the thread is
 * as Java wants it: ONNX Runtime leaves the thread that opens the first session otherwise.
 */
final class FlushedSubnormals implements AutoCloseable {
    /** Asks ONNX Runtime for the same in its own threads. */
    static final String OPTION = "session.set_denormal_as_zero";

    private static final Optional<Environment> ENVIRONMENT = Environment.ofThisMachine();

    /** Results are flushed to zero, and operands taken as zero. */
    private static final int FLUSHED = 0x8000 | 0x0040;

    /** Of the C library's {@code fenv_t}, in which the control register is the last number. */
    private static final long BYTES = 32;

    private static final long CONTROL = 28;

    private final Arena arena;
    private final MemorySegment before;

    private FlushedSubnormals(Arena arena, MemorySegment before) {
        this.arena = arena;
        this.before = before;
    }

    /** What {@link #OPTION} is to be on this machine. */
    static String option() {
        return ENVIRONMENT.isPresent() ? "1" : "0";
    }

    /** To be closed by the same thread. */
    static FlushedSubnormals begin() {
        Arena arena = Arena.ofConfined();
        MemorySegment before = arena.allocate(BYTES, ADDRESS.byteAlignment());
        MemorySegment during = arena.allocate(BYTES, ADDRESS.byteAlignment());
        ENVIRONMENT.ifPresent(environment -> {
            environment.read(before);
            during.copyFrom(before);
            during.set(JAVA_INT, CONTROL, before.get(JAVA_INT, CONTROL) | FLUSHED);
            environment.write(during);
        });
        return new FlushedSubnormals(arena, before);
    }

    @Override
    public void close() {
        ENVIRONMENT.ifPresent(environment -> environment.write(before));
        arena.close();
    }

    /** The thread's floating-point environment, by the C library's functions. */
    private record Environment(MethodHandle get, MethodHandle set) {
        static Optional<Environment> ofThisMachine() {
            return Processor.THIS.isX64() && "Linux".equals(System.getProperty("os.name"))
                    ? function("fegetenv").flatMap(get -> function("fesetenv").map(set -> new Environment(get, set)))
                    : Optional.empty();
        }

        private static Optional<MethodHandle> function(String name) {
            Linker linker = Linker.nativeLinker();
            return linker.defaultLookup()
                    .find(name)
                    .map(address -> linker.downcallHandle(address, FunctionDescriptor.of(JAVA_INT, ADDRESS)));
        }

        void read(MemorySegment environment) {
            call(get, environment);
        }

        void write(MemorySegment environment) {
            call(set, environment);
        }

        private static void call(MethodHandle function, MemorySegment environment) {
            try {
                int failed = (int) function.invokeExact(environment);
                if (failed != 0) {
                    throw new IllegalStateException("the floating-point environment cannot be changed: " + failed);
                }
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("the C library declares no exceptions", e);
            }
        }
    }
}
