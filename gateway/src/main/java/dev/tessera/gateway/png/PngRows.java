package dev.tessera.gateway.png;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** Inflates a picture row by row and takes the filters off; holds native memory until it is closed. For one thread. */
final class PngRows implements AutoCloseable {
    private final InputStream inflated;
    private final int step;
    private byte[] row;
    private byte[] above;

    PngRows(PngHeader header, InputStream data) {
        this.inflated = new InflaterInputStream(data);
        this.step = header.filterStep();
        this.row = new byte[header.rowBytes()];
        this.above = new byte[header.rowBytes()];
    }

    /**
     * The samples of the next row, good until the next call.
     *
     * @throws PngException when there is none, or its filter is none
     */
    byte[] next() {
        byte[] last = above;
        above = row;
        row = last;
        int filter = read();
        unfilter(filter);
        return row;
    }

    private int read() {
        try {
            int filter = inflated.read();
            if (filter < 0 || inflated.readNBytes(row, 0, row.length) < row.length) {
                throw new PngException("has fewer pixels than its header says; send the whole file");
            }
            return filter;
        } catch (EOFException e) {
            throw new PngException("has fewer pixels than its header says; send the whole file");
        } catch (ZipException e) {
            throw new PngException("has pixels that cannot be unpacked; write the file anew");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    /** @throws PngException when there is more than the header says */
    void requireEnd() {
        try {
            if (inflated.read() >= 0) {
                throw new PngException("has more pixels than its header says; write the file anew");
            }
        } catch (EOFException e) {
            throw new PngException("has pixels without an end; send the whole file");
        } catch (ZipException e) {
            throw new PngException("has pixels that cannot be unpacked; write the file anew");
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        }
    }

    @Override
    public void close() {
        try {
            inflated.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing memory does not fail", e);
        }
    }

    private void unfilter(int filter) {
        if (filter > 4) {
            throw new PngException("has pixels that cannot be unpacked; write the file anew");
        }
        for (int i = 0; i < row.length; i++) {
            int left = i < step ? 0 : row[i - step] & 0xFF;
            int up = above[i] & 0xFF;
            int corner = i < step ? 0 : above[i - step] & 0xFF;
            int predicted =
                    switch (filter) {
                        case 0 -> 0;
                        case 1 -> left;
                        case 2 -> up;
                        case 3 -> (left + up) / 2;
                        default -> paeth(left, up, corner);
                    };
            row[i] = (byte) (row[i] + predicted);
        }
    }

    private static int paeth(int left, int up, int corner) {
        int estimate = left + up - corner;
        int toLeft = Math.abs(estimate - left);
        int toUp = Math.abs(estimate - up);
        int toCorner = Math.abs(estimate - corner);
        if (toLeft <= toUp && toLeft <= toCorner) {
            return left;
        }
        return toUp <= toCorner ? up : corner;
    }
}
