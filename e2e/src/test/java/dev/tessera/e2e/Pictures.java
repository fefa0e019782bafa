package dev.tessera.e2e;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pictures as requests carry them. */
final class Pictures {
    private Pictures() {}

    /** A grey picture of one byte for each pixel. */
    static BufferedImage grey(int width, int height, byte[] values) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        for (int pixel = 0; pixel < values.length; pixel++) {
            image.getRaster().setSample(pixel % width, pixel / width, 0, Byte.toUnsignedInt(values[pixel]));
        }
        return image;
    }

    /** A PNG in base64. */
    static String png(BufferedImage image) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(out.toByteArray());
    }
}
