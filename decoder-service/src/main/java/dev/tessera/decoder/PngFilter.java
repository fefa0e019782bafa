package dev.tessera.decoder;

/**
 * Predicts each byte of a picture from its neighbours, so that what is left compresses well. Every row takes the filter
 * whose residues have the least sum of absolute values, the heuristic that the PNG specification recommends.
 */
final class PngFilter {
    private static final int PIXEL = Picture.CHANNELS;
    private static final int FILTERS = 5;

    private PngFilter() {}

    /** For each row the filter's number, then the residues. */
    static byte[] filter(Picture picture) {
        int stride = picture.stride();
        byte[] filtered = new byte[picture.height() * (stride + 1)];
        byte[] above = new byte[stride];
        for (int y = 0; y < picture.height(); y++) {
            byte[] row = picture.row(y);
            byte[] best = best(row, above);
            System.arraycopy(best, 0, filtered, y * (stride + 1), best.length);
            above = row;
        }
        return filtered;
    }

    private static byte[] best(byte[] row, byte[] above) {
        byte[] best = residues(0, row, above);
        for (int filter = 1; filter < FILTERS; filter++) {
            byte[] candidate = residues(filter, row, above);
            if (cost(candidate) < cost(best)) {
                best = candidate;
            }
        }
        return best;
    }

    private static byte[] residues(int filter, byte[] row, byte[] above) {
        byte[] residues = new byte[row.length + 1];
        residues[0] = (byte) filter;
        for (int i = 0; i < row.length; i++) {
            int left = i < PIXEL ? 0 : row[i - PIXEL] & 0xFF;
            int corner = i < PIXEL ? 0 : above[i - PIXEL] & 0xFF;
            residues[i + 1] = (byte) (row[i] - predict(filter, left, above[i] & 0xFF, corner));
        }
        return residues;
    }

    private static int predict(int filter, int left, int up, int corner) {
        return switch (filter) {
            case 0 -> 0;
            case 1 -> left;
            case 2 -> up;
            case 3 -> (left + up) / 2;
            default -> paeth(left, up, corner);
        };
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

    private static long cost(byte[] residues) {
        long cost = 0;
        for (int i = 1; i < residues.length; i++) {
            cost += Math.abs(residues[i]);
        }
        return cost;
    }
}
