package dev.tessera.decoder.onnx;

import dev.tessera.decoder.DecoderException;
import dev.tessera.decoder.DecoderException.Reason;
import dev.tessera.decoder.Picture;

/** The network's output as bytes, by the rule LlamaGen's figures are made with (sample_c2i_ddp.py). */
final class PixelBytes {
    private static final int CHANNELS = 3;

    private PixelBytes() {}

    /** @param pixels 3 × height × width in about -1 to 1 */
    static Picture picture(float[] pixels, int width, int height) {
        int area = width * height;
        byte[] rgb = new byte[CHANNELS * area];
        for (int channel = 0; channel < CHANNELS; channel++) {
            for (int i = 0; i < area; i++) {
                rgb[CHANNELS * i + channel] = toByte(pixels[channel * area + i]);
            }
        }
        return new Picture(width, height, rgb);
    }

    /** clamp(127.5 x + 128, 0, 255), truncated. */
    static byte toByte(float pixel) {
        if (Float.isNaN(pixel)) {
            throw new DecoderException(Reason.PIXELS_NOT_FINITE, "the image decoder gave a pixel that is not a number");
        }
        return (byte) (int) Math.clamp(127.5f * pixel + 128f, 0f, 255f);
    }
}
