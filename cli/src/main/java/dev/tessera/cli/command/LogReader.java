package dev.tessera.cli.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads a log as it grows, from its present end. A log that has become shorter was rotated and is read from its start. */
final class LogReader {
    private final Path file;
    private final Consumer<String> lines;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long position;

    LogReader(Path file, Consumer<String> lines) throws IOException {
        this.file = file;
        this.lines = lines;
        this.position = Files.exists(file) ? Files.size(file) : 0;
    }

    void poll() throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < position) {
                position = 0;
                unfinished.reset();
            }
            in.seek(position);
            byte[] more = new byte[(int) Math.min(in.length() - position, 1 << 20)];
            in.readFully(more);
            position += more.length;
            for (byte next : more) {
                accept(next);
            }
        }
    }

    private void accept(byte next) {
        if (next != '\n') {
            unfinished.write(next);
            return;
        }
        lines.accept(unfinished.toString(StandardCharsets.UTF_8));
        unfinished.reset();
    }
}
