package dev.tessera.inference.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower case hex, of bytes and of files of any size. */
final class FileDigest {
    private static final int CHUNK = 1 << 16;

    private FileDigest() {}

    static String of(byte[] content) {
        return HexFormat.of().formatHex(sha256().digest(content));
    }

    static String of(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** What has passed. */
    record Counted(long bytes, String sha256) {}

    /** Counts and digests what passes. */
    static final class Counting extends DigestOutputStream {
        private long bytes;

        Counting(OutputStream target) {
            super(target, FileDigest.sha256());
        }

        @Override
        public void write(int b) throws IOException {
            super.write(b);
            bytes++;
        }

        @Override
        public void write(byte[] piece, int offset, int length) throws IOException {
            super.write(piece, offset, length);
            bytes += length;
        }

        /** Once, at the end. */
        Counted counted() {
            return new Counted(
                    bytes, HexFormat.of().formatHex(getMessageDigest().digest()));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
