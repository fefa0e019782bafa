package dev.tessera.importer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files beyond the reach of an int, made of holes so that they take no room. */
class LargeFileTest {
    private static final long STORAGE_BYTES = 5L << 30;

    @Test
    void shouldReadTheEndOfAStorageOfFiveGibibytes(@TempDir Path directory) throws IOException {
        // Given
        Path file = directory.resolve("large.pt");
        writeZip64(file);

        // When
        float[] values = TensorValues.of(file, "w");

        // Then
        assertThat(values).containsExactly(1.5f, -2.5f);
    }

    /** The large storage first, then the pickle, so that its offset too needs the zip64 form. */
    private static void writeZip64(Path file) throws IOException {
        byte[] pickle = pickle();
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.SPARSE)) {
            out.write(localHeader("archive/data/0"));
            long storageEnd = out.position() + STORAGE_BYTES;
            out.position(storageEnd - 2 * Float.BYTES);
            out.write(bytes(8).putFloat(1.5f).putFloat(-2.5f).flip());
            long pickleHeader = out.position();
            out.write(localHeader("archive/data.pkl"));
            out.write(ByteBuffer.wrap(pickle));
            long central = out.position();
            out.write(centralHeader("archive/data/0", STORAGE_BYTES, 0));
            out.write(centralHeader("archive/data.pkl", pickle.length, pickleHeader));
            out.write(end(central, out.position()));
        }
    }

    private static byte[] pickle() {
        long elements = STORAGE_BYTES / Float.BYTES;
        return new PickleBuilder()
                .raw('}')
                .text("w")
                .global("torch._utils", "_rebuild_tensor_v2")
                .raw('(', '(')
                .text("storage")
                .global("torch", "FloatStorage")
                .text("0")
                .text("cpu")
                .whole(elements)
                .raw('t', 'Q')
                .whole(elements - 2)
                .raw('K', 2, 0x85, 'K', 1, 0x85, 0x89, 'N', 't', 'R', 's')
                .stop();
    }

    private static ByteBuffer localHeader(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = bytes(30 + text.length);
        header.putInt(0x04034b50).putShort(26, (short) text.length);
        return header.position(30).put(text).flip();
    }

    /** Sizes and offset as all ones, their values in the extra field of kind 1. */
    private static ByteBuffer centralHeader(String name, long size, long offset) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = bytes(46 + text.length + 28);
        header.putInt(0x02014b50)
                .putInt(20, -1)
                .putInt(24, -1)
                .putShort(28, (short) text.length)
                .putShort(30, (short) 28)
                .putInt(42, -1);
        header.position(46).put(text).putShort((short) 1).putShort((short) 24);
        return header.putLong(size).putLong(size).putLong(offset).flip();
    }

    private static ByteBuffer end(long central, long end64) {
        ByteBuffer end = bytes(56 + 20 + 22);
        end.putInt(0x06064b50).putLong(32, 2).putLong(40, end64 - central).putLong(48, central);
        end.position(56).putInt(0x07064b50).putInt(0).putLong(end64).putInt(1);
        return end.putInt(0x06054b50)
                .putInt(0)
                .putInt(-1)
                .putInt(-1)
                .putInt(-1)
                .putShort((short) 0)
                .flip();
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
