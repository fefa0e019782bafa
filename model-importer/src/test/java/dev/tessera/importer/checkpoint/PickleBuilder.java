package dev.tessera.importer.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes pickles opcode by opcode, honest and hostile. */
final class PickleBuilder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    PickleBuilder() {
        raw(0x80, 2);
    }

    /** A checkpoint's dict with one tensor in it, "w". */
    static byte[] stateDict(int elements, int first, int size, int stride) {
        return new PickleBuilder()
                .raw('}')
                .text("w")
                .tensor(elements, first, size, stride)
                .raw('s')
                .stop();
    }

    PickleBuilder raw(int... opcodes) {
        for (int opcode : opcodes) {
            bytes.write(opcode);
        }
        return this;
    }

    PickleBuilder text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        raw('X', utf8.length, 0, 0, 0);
        bytes.writeBytes(utf8);
        return this;
    }

    /** A number of up to eight bytes, opcode LONG1. */
    PickleBuilder whole(long value) {
        raw(0x8a, Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            bytes.write((int) (value >>> (8 * i)));
        }
        return this;
    }

    PickleBuilder global(String module, String member) {
        bytes.writeBytes(("c" + module + "\n" + member + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** A tuple {@code ('storage', torch.<type>, key, 'cpu', elements)} and BINPERSID. */
    PickleBuilder storage(String type, String key, int elements) {
        return raw('(').text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .raw('K', elements, 't', 'Q');
    }

    /** A tensor of one axis over the storage "0". */
    PickleBuilder tensor(int elements, int first, int size, int stride) {
        return global("torch._utils", "_rebuild_tensor_v2")
                .raw('(')
                .storage("FloatStorage", "0", elements)
                .raw('K', first, '(', 'K', size, 't', '(', 'K', stride, 't', 0x89)
                .global("collections", "OrderedDict")
                .raw(')', 'R', 't', 'R');
    }

    byte[] stop() {
        return raw('.').bytes.toByteArray();
    }
}
