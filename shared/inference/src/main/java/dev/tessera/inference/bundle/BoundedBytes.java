package dev.tessera.inference.bundle;

import dev.tessera.inference.bundle.BundleException.Reason;
import java.io.ByteArrayOutputStream;

/** Takes a file that is known to be small into memory, and no other. */
final class BoundedBytes extends ByteArrayOutputStream {
    private final String name;
    private final int limit;

    BoundedBytes(String name, int limit) {
        this.name = name;
        this.limit = limit;
    }

    @Override
    public synchronized void write(int b) {
        requireRoomFor(1);
        super.write(b);
    }

    @Override
    public synchronized void write(byte[] piece, int offset, int length) {
        requireRoomFor(length);
        super.write(piece, offset, length);
    }

    private void requireRoomFor(int length) {
        if (length > limit - count) {
            throw new BundleException(Reason.INVALID_MANIFEST, name + " is larger than " + limit + " bytes");
        }
    }
}
