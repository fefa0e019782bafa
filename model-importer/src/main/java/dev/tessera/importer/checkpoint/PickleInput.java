package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The bytes of a pickle; every length is held against what is left before anything is allocated. */
final class PickleInput {
    private static final int MAX_LINE = 1_000;

    private final String source;
    private final ByteBuffer bytes;

    PickleInput(String source, byte[] pickle) {
        this.source = source;
        this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
    }

    String source() {
        return source;
    }

    int position() {
        return bytes.position();
    }

    void requireRemaining(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new ImportException(
                    Reason.MALFORMED_FILE,
                    source + " needs " + length + " bytes at byte " + bytes.position() + " and has "
                            + bytes.remaining());
        }
    }

    int unsigned8() {
        requireRemaining(1);
        return Byte.toUnsignedInt(bytes.get());
    }

    int unsigned16() {
        requireRemaining(Short.BYTES);
        return Short.toUnsignedInt(bytes.getShort());
    }

    int signed32() {
        requireRemaining(Integer.BYTES);
        return bytes.getInt();
    }

    long unsigned32() {
        return Integer.toUnsignedLong(signed32());
    }

    long signed64() {
        requireRemaining(Long.BYTES);
        return bytes.getLong();
    }

    double bigEndianDouble() {
        return Double.longBitsToDouble(Long.reverseBytes(signed64()));
    }

    /** A two's complement number of up to eight bytes. */
    long littleEndian(int length) {
        requireRemaining(length);
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= Byte.toUnsignedLong(bytes.get()) << (8 * i);
        }
        int unused = Long.SIZE - 8 * length;
        return length == 0 ? 0 : value << unused >> unused;
    }

    String text(long length) {
        requireRemaining(length);
        byte[] text = new byte[(int) length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    void skip(long length) {
        requireRemaining(length);
        bytes.position(bytes.position() + (int) length);
    }

    /** Up to the next line feed, which is not part of it. */
    String line() {
        StringBuilder line = new StringBuilder();
        int next = unsigned8();
        while (next != '\n') {
            requireRemaining(line.length() < MAX_LINE ? 1 : Long.MAX_VALUE);
            line.append((char) next);
            next = unsigned8();
        }
        return line.toString();
    }
}
