package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The uncompressed entries of a zip file of any size, as slices of the mapped file. Follows the central directory, its
 * zip64 form included; numbers are those of the published .ZIP file format specification.
 */
final class ZipEntries {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int END_SIGNATURE = 0x06054b50;
    private static final int END_SIZE = 22;
    private static final int END64_LOCATOR_SIGNATURE = 0x07064b50;
    private static final int END64_LOCATOR_SIZE = 20;
    private static final int END64_SIGNATURE = 0x06064b50;
    private static final int CENTRAL_SIGNATURE = 0x02014b50;
    private static final int CENTRAL_SIZE = 46;
    private static final int LOCAL_SIGNATURE = 0x04034b50;
    private static final int LOCAL_SIZE = 30;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final long IN_ZIP64_FIELD = 0xFFFFFFFFL;

    private final Path file;
    private final MemorySegment zip;

    private ZipEntries(Path file, MemorySegment zip) {
        this.file = file;
        this.zip = zip;
    }

    /** @throws ImportException when the directory is truncated, or an entry compressed, doubled or out of bounds */
    static Map<String, MemorySegment> read(Path file, MemorySegment zip) {
        try {
            return new ZipEntries(file, zip).entries();
        } catch (IndexOutOfBoundsException e) {
            throw new ImportException(Reason.MALFORMED_FILE, file + " is a zip file with broken offsets", e);
        }
    }

    private Map<String, MemorySegment> entries() {
        long end = endOfDirectory();
        long count = unsigned16(end + 10);
        long at = unsigned32(end + 16);
        long locator = end - END64_LOCATOR_SIZE;
        if (locator >= 0 && zip.get(INT, locator) == END64_LOCATOR_SIGNATURE) {
            long end64 = zip.get(LONG, locator + 8);
            require(zip.get(INT, end64) == END64_SIGNATURE, "has a broken zip64 directory");
            count = zip.get(LONG, end64 + 32);
            at = zip.get(LONG, end64 + 48);
        }
        Map<String, MemorySegment> entries = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
            at = readEntry(at, entries);
        }
        return entries;
    }

    private long endOfDirectory() {
        long lowest = Math.max(0, zip.byteSize() - END_SIZE - MAX_COMMENT);
        for (long at = zip.byteSize() - END_SIZE; at >= lowest; at--) {
            if (zip.get(INT, at) == END_SIGNATURE) {
                return at;
            }
        }
        throw new ImportException(Reason.MALFORMED_FILE, file + " is a truncated zip file: it has no directory");
    }

    private long readEntry(long at, Map<String, MemorySegment> entries) {
        require(zip.get(INT, at) == CENTRAL_SIGNATURE, "has a broken directory");
        long nameLength = unsigned16(at + 28);
        long extraLength = unsigned16(at + 30);
        byte[] bytes = zip.asSlice(at + CENTRAL_SIZE, nameLength).toArray(ValueLayout.JAVA_BYTE);
        String name = new String(bytes, StandardCharsets.UTF_8);
        require((unsigned16(at + 8) & 1) == 0, "has the encrypted entry '" + name + "'");
        require(unsigned16(at + 10) == 0, "has the compressed entry '" + name + "'; PyTorch writes none");
        var place = place(at, at + CENTRAL_SIZE + nameLength, extraLength);
        require(place.stored == place.size, "has an entry '" + name + "' of two sizes");
        require(entries.put(name, slice(name, place)) == null, "has the entry '" + name + "' twice");
        return at + CENTRAL_SIZE + nameLength + extraLength + unsigned16(at + 32);
    }

    /** Sizes and offset are in the zip64 field, in this order, where the plain ones are all ones. */
    private Place place(long at, long extra, long extraLength) {
        long[] values = {unsigned32(at + 24), unsigned32(at + 20), unsigned32(at + 42)};
        long field = extra;
        while (field + 4 <= extra + extraLength) {
            long next = field + 4 + unsigned16(field + 2);
            if (unsigned16(field) == 1) {
                long value = field + 4;
                for (int i = 0; i < values.length; i++) {
                    if (values[i] == IN_ZIP64_FIELD) {
                        values[i] = zip.get(LONG, value);
                        value += Long.BYTES;
                    }
                }
            }
            field = next;
        }
        return new Place(values[0], values[1], values[2]);
    }

    private MemorySegment slice(String name, Place place) {
        require(zip.get(INT, place.header) == LOCAL_SIGNATURE, "has no entry '" + name + "' where its directory says");
        long data = place.header + LOCAL_SIZE + unsigned16(place.header + 26) + unsigned16(place.header + 28);
        require(place.size >= 0 && place.size <= zip.byteSize() - data, "is truncated in entry '" + name + "'");
        return zip.asSlice(data, place.size);
    }

    private int unsigned16(long at) {
        return Short.toUnsignedInt(zip.get(SHORT, at));
    }

    private long unsigned32(long at) {
        return Integer.toUnsignedLong(zip.get(INT, at));
    }

    private void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new ImportException(Reason.MALFORMED_FILE, file + " " + otherwise);
        }
    }

    private record Place(long size, long stored, long header) {}
}
