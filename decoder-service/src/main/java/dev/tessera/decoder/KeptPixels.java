package dev.tessera.decoder;

import dev.tessera.decoder.DecoderException.Reason;
import dev.tessera.v1.EditSource;

/**
 * Pastes what an edit keeps over what was drawn. A pixel of the mask is the drawn one. A pixel at most a feather's width
 * away from the mask goes over from the drawn one to the source's, the farther the more of it. Any other is the
 * source's, byte for byte.
 */
final class KeptPixels {
    private static final int FAR = Integer.MAX_VALUE;

    private final int width;
    private final int height;
    private final byte[] mask;
    private final int feather;

    private KeptPixels(EditSource source, int feather) {
        this.width = source.getWidth();
        this.height = source.getHeight();
        this.mask = source.getMask().toByteArray();
        this.feather = feather;
    }

    /**
     * The finished picture; the drawn one as it is where the edit has no mask.
     *
     * @param feather pixels over which one goes over to the other; 0 for a hard edge
     * @throws DecoderException when the source is not of the drawn picture's size
     */
    static Picture paste(Picture drawn, EditSource source, int feather) {
        if (source.getMask().isEmpty()) {
            return drawn;
        }
        int area = drawn.width() * drawn.height();
        if (source.getWidth() != drawn.width()
                || source.getHeight() != drawn.height()
                || source.getMask().size() != area
                || source.getRgb().size() != area * Picture.CHANNELS) {
            throw new DecoderException(
                    Reason.MALFORMED_PICTURE, "the picture to edit is not of the size of the one that was drawn");
        }
        return new KeptPixels(source, feather).over(drawn, source.getRgb().toByteArray());
    }

    private Picture over(Picture drawn, byte[] rgb) {
        int[] across = distancesAcross();
        for (int y = 0; y < height; y++) {
            byte[] row = drawn.row(y);
            for (int x = 0; x < width; x++) {
                float share = share(across, x, y);
                for (int channel = 0; channel < Picture.CHANNELS; channel++) {
                    int at = (y * width + x) * Picture.CHANNELS + channel;
                    rgb[at] = mixed(rgb[at], row[x * Picture.CHANNELS + channel], share);
                }
            }
        }
        return new Picture(width, height, rgb);
    }

    /** Exactly the one or the other at 0 and 1. */
    private static byte mixed(byte kept, byte drawn, float share) {
        int from = kept & 0xFF;
        return (byte) (from + Math.round(share * ((drawn & 0xFF) - from)));
    }

    /** How much of a pixel is drawn: all in the mask, nothing beyond the feather. */
    private float share(int[] across, int x, int y) {
        int nearest = FAR;
        for (int row = Math.max(0, y - feather); row <= Math.min(height - 1, y + feather); row++) {
            int aside = across[row * width + x];
            if (aside <= feather) {
                nearest = Math.min(nearest, aside * aside + (row - y) * (row - y));
            }
        }
        return nearest > feather * feather ? 0 : (float) (1 - Math.sqrt(nearest) / (feather + 1));
    }

    /** Of each pixel how far the next one of the mask is in its own row. */
    private int[] distancesAcross() {
        int[] distances = new int[width * height];
        for (int y = 0; y < height; y++) {
            int last = -1;
            for (int x = 0; x < width; x++) {
                last = isDrawn(x, y) ? x : last;
                distances[y * width + x] = last < 0 ? FAR : x - last;
            }
            int next = -1;
            for (int x = width - 1; x >= 0; x--) {
                next = isDrawn(x, y) ? x : next;
                int back = next < 0 ? FAR : next - x;
                distances[y * width + x] = Math.min(distances[y * width + x], back);
            }
        }
        return distances;
    }

    private boolean isDrawn(int x, int y) {
        return mask[y * width + x] != 0;
    }
}
