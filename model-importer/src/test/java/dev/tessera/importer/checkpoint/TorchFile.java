package dev.tessera.importer.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes zip files like those of {@code torch.save}, right and wrong. */
final class TorchFile {
    private TorchFile() {}

    static Path write(Path file, byte[] pickle, float... storage) throws IOException {
        return write(file, ZipEntry.STORED, pickle, storage);
    }

    static Path write(Path file, int method, byte[] pickle, float... storage) throws IOException {
        ByteBuffer numbers = ByteBuffer.allocate(storage.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        numbers.asFloatBuffer().put(storage);
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            entry(zip, method, "archive/data.pkl", pickle);
            entry(zip, method, "archive/data/0", numbers.array());
        }
        return file;
    }

    private static void entry(ZipOutputStream zip, int method, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
