package dev.tessera.importer.checkpoint;

import dev.tessera.importer.ImportException;
import dev.tessera.importer.ImportException.Reason;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file mapped read-only, of any size. */
final class MappedFile {
    private MappedFile() {}

    static MemorySegment map(Path file, Arena arena) {
        if (!Files.isRegularFile(file)) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " is not a file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
        } catch (IOException e) {
            throw new ImportException(Reason.UNREADABLE_FILE, file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
