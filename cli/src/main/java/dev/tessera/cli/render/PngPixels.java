package dev.tessera.cli.render;

import dev.tessera.inference.bundle.ImageSize;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** What is in a PNG file of 8 bits, as the gateway reads it: no colour profile counts. */
final class PngPixels {
    private static final int CHANNELS = 3;

    /** A side longer than that is of no picture that a model draws. */
    private static final int LONGEST = 16_384;

    private final String what;
    private final byte[] file;
    private final BufferedImage image;

    private PngPixels(String what, byte[] file, BufferedImage image) {
        this.what = what;
        this.file = file.clone();
        this.image = image;
    }

    /**
     * @param what the file is, for messages
     * @throws RenderException when it cannot be used
     */
    static PngPixels of(String what, byte[] file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
            ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
            reader.setInput(in);
            if (Math.max(reader.getWidth(0), reader.getHeight(0)) > LONGEST) {
                throw new RenderException("the " + what + " is too large");
            }
            BufferedImage image = reader.read(0);
            reader.dispose();
            if (image.getColorModel().getComponentSize(0) > Byte.SIZE) {
                throw new RenderException("the " + what + " has more than 8 bits for a colour; save it with 8");
            }
            return new PngPixels(what, file, image);
        } catch (IOException e) {
            throw new RenderException("the " + what + " is no PNG file that can be read");
        }
    }

    ImageSize size() {
        return new ImageSize(image.getWidth(), image.getHeight());
    }

    /** @throws RenderException when it is of another size */
    void require(ImageSize size) {
        if (!size().equals(size)) {
            throw new RenderException("the " + what + " is " + image.getWidth() + "x" + image.getHeight()
                    + " pixels; give one of " + size.width() + "x" + size.height());
        }
    }

    boolean isTransparent() {
        return pixels().anyMatch(pixel -> alpha(pixel) < 255);
    }

    /** Whether any pixel has alpha 0. */
    boolean hasHole() {
        return pixels().anyMatch(pixel -> alpha(pixel) == 0);
    }

    /** One byte for each pixel, row-major: 1 where its alpha is 0. */
    byte[] holes() {
        byte[] holes = new byte[image.getWidth() * image.getHeight()];
        pixels().forEach(pixel -> holes[pixel] = (byte) (alpha(pixel) == 0 ? 1 : 0));
        return holes;
    }

    /** Red, green and blue of each pixel, row-major. */
    byte[] rgb() {
        byte[] rgb = new byte[image.getWidth() * image.getHeight() * CHANNELS];
        boolean grey = !(image.getColorModel() instanceof IndexColorModel)
                && image.getRaster().getNumBands() < CHANNELS;
        pixels().forEach(pixel -> {
            int colour = grey ? grey(pixel) : image.getRGB(pixel % image.getWidth(), pixel / image.getWidth());
            for (int channel = 0; channel < CHANNELS; channel++) {
                rgb[pixel * CHANNELS + channel] = (byte) (colour >> Byte.SIZE * (CHANNELS - 1 - channel));
            }
        });
        return rgb;
    }

    /** As it is in the file: Java would take it for a linear brightness. */
    private int grey(int pixel) {
        Raster raster = image.getRaster();
        int most = (1 << image.getColorModel().getComponentSize(0)) - 1;
        int value = raster.getSample(pixel % image.getWidth(), pixel / image.getWidth(), 0) * 255 / most;
        return value << 16 | value << 8 | value;
    }

    String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private int alpha(int pixel) {
        return image.getRGB(pixel % image.getWidth(), pixel / image.getWidth()) >>> 24;
    }

    private IntStream pixels() {
        return IntStream.range(0, image.getWidth() * image.getHeight());
    }
}
