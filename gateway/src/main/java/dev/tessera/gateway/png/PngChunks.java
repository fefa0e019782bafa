package dev.tessera.gateway.png;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;

/** The chunks of a PNG file as far as they make the picture: every checksum compared, nothing copied. */
final class PngChunks {
    private static final int FRAME = 12;

    private final byte[] file;
    private final List<Chunk> data = new ArrayList<>();
    private byte[] palette = {};
    private byte[] transparency = {};
    private boolean transparent;
    private boolean ended;

    private PngChunks(byte[] file) {
        this.file = file;
    }

    /** @throws PngException when the file is cut off, damaged, animated, or has what this reader does not know */
    static PngChunks of(byte[] file) {
        var chunks = new PngChunks(file);
        int at = PngHeader.SIGNATURE.length;
        while (!chunks.ended) {
            Chunk chunk = chunks.chunk(at);
            chunks.take(chunk);
            at = chunk.end() + Integer.BYTES;
        }
        if (chunks.data.isEmpty()) {
            throw new PngException("has no pixels; write the file anew");
        }
        return chunks;
    }

    /** @param begin of its content */
    private record Chunk(String type, int begin, int length) {
        int end() {
            return begin + length;
        }
    }

    private Chunk chunk(int at) {
        if (file.length - at < FRAME) {
            throw new PngException("is cut off; send the whole file");
        }
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int length = bytes.getInt(at);
        if (length < 0 || length > file.length - at - FRAME) {
            throw new PngException("is cut off; send the whole file");
        }
        CRC32 checksum = new CRC32();
        checksum.update(file, at + 4, 4 + length);
        if ((int) checksum.getValue() != bytes.getInt(at + 8 + length)) {
            throw new PngException("is damaged; send it again");
        }
        return new Chunk(new String(file, at + 4, 4, StandardCharsets.ISO_8859_1), at + 8, length);
    }

    private void take(Chunk chunk) {
        switch (chunk.type()) {
            case "IHDR" -> {
                if (chunk.begin() != PngHeader.SIGNATURE.length + 8) {
                    throw new PngException("has two headers; write the file anew");
                }
            }
            case "PLTE" -> palette = content(chunk);
            case "tRNS" -> {
                transparency = content(chunk);
                transparent = true;
            }
            case "IDAT" -> data.add(chunk);
            case "IEND" -> ended = true;
            case "acTL", "fcTL", "fdAT" -> throw new PngException("is animated; give a single picture");
            default -> requireNotCritical(chunk);
        }
    }

    /** What a reader must understand begins with a capital letter. */
    private static void requireNotCritical(Chunk chunk) {
        if (Character.isUpperCase(chunk.type().charAt(0))) {
            throw new PngException("has a part that is not known here; save it as a plain PNG");
        }
    }

    private byte[] content(Chunk chunk) {
        if (chunk.length() > 768) {
            throw new PngException("has a palette of more than 256 colours; write the file anew");
        }
        byte[] content = new byte[chunk.length()];
        System.arraycopy(file, chunk.begin(), content, 0, content.length);
        return content;
    }

    /** Red, green and blue of each colour; empty where there is none. */
    byte[] palette() {
        return palette;
    }

    /** Opacities of the first colours of the palette, or the colour that is transparent. */
    byte[] transparency() {
        return transparency;
    }

    boolean hasTransparency() {
        return transparent;
    }

    /** The compressed pixels. */
    InputStream data() {
        List<InputStream> parts = new ArrayList<>();
        data.forEach(chunk -> parts.add(new ByteArrayInputStream(file, chunk.begin(), chunk.length())));
        return new SequenceInputStream(Collections.enumeration(parts));
    }
}
