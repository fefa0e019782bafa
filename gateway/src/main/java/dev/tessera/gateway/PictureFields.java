package dev.tessera.gateway;

import dev.tessera.gateway.png.Pixels;
import dev.tessera.gateway.png.PngException;
import dev.tessera.gateway.png.PngReader;
import dev.tessera.inference.bundle.ImageSize;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a request that hold PNG files in base64. What is wrong with them becomes errors of the fields. */
final class PictureFields {
    private static final String DATA_URL = "data:image/png;base64,";

    private final int maxBytes;

    /** @param maxBytes of one file */
    PictureFields(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** A file and what is in it. */
    record Picture(Pixels pixels, String sha256) {}

    /** The picture of a field that is there; empty when it cannot be used. */
    Optional<Picture> read(RequestFields fields, String name, ImageSize size) {
        return fields.text(name).flatMap(text -> file(fields, name, text)).flatMap(file -> {
            Pixels pixels = pixels(fields, name, file, size);
            return pixels == null ? Optional.empty() : Optional.of(new Picture(pixels, Sha256.hex(file)));
        });
    }

    private Optional<byte[]> file(RequestFields fields, String name, String text) {
        String base64 = text.startsWith(DATA_URL) ? text.substring(DATA_URL.length()) : text;
        // Padding counts for up to two bytes.
        if (base64.length() / 4L * 3 - 2 > maxBytes) {
            return tooLarge(fields, name);
        }
        try {
            byte[] file = Base64.getDecoder().decode(base64);
            return file.length > maxBytes ? tooLarge(fields, name) : Optional.of(file);
        } catch (IllegalArgumentException e) {
            fields.error(name, "is not base64; give the bytes of a PNG file in base64");
            return Optional.empty();
        }
    }

    private Optional<byte[]> tooLarge(RequestFields fields, String name) {
        fields.error(name, "has more than " + maxBytes + " bytes; give a smaller file");
        return Optional.empty();
    }

    private static @Nullable Pixels pixels(RequestFields fields, String name, byte[] file, ImageSize size) {
        try {
            return PngReader.read(file, size.width(), size.height());
        } catch (PngException e) {
            fields.error(name, e.detail());
            return null;
        }
    }
}
