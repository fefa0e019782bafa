package dev.tessera.cli.command;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A rectangle of a picture as a mask.
 *
 * @param width of the picture, in pixels
 * @param height of the picture
 */
record RegionMask(int width, int height, int x, int y, int w, int h) {
    private static final int OPAQUE = 0xFFFFFFFF;
    private static final int CLEAR = 0x00FFFFFF;

    /** More is no picture that a model draws. */
    private static final int LARGEST = 16_384;

    /** @throws CommandException when it is no rectangle of the picture, or that is no picture */
    static RegionMask of(String rectangle, byte[] picture) {
        List<Integer> numbers = EditOptions.numbers(rectangle);
        List<Integer> size = size(picture);
        var mask = new RegionMask(
                size.get(0), size.get(1), numbers.get(0), numbers.get(1), numbers.get(2), numbers.get(3));
        if (mask.x < 0
                || mask.y < 0
                || mask.w < 1
                || mask.h < 1
                || (long) mask.x + mask.w > mask.width
                || (long) mask.y + mask.h > mask.height) {
            throw EditOptions.usage(rectangle + " is not X,Y,W,H within " + mask.width + "x" + mask.height + " pixels");
        }
        return mask;
    }

    /** The header alone is read. */
    private static List<Integer> size(byte[] picture) {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(picture))) {
            Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
            ImageReader reader = readers.next();
            reader.setInput(in);
            List<Integer> size = List.of(reader.getWidth(0), reader.getHeight(0));
            reader.dispose();
            if (size.stream().anyMatch(side -> side < 1 || side > LARGEST)) {
                throw EditOptions.usage("the picture is " + size.get(0) + "x" + size.get(1) + " pixels: too large");
            }
            return size;
        } catch (IOException | RuntimeException e) {
            throw e instanceof CommandException own
                    ? own
                    : new CommandException(CommandException.Reason.USAGE, "the picture is not a PNG file", e);
        }
    }

    /** @param around whether all around the rectangle is to be made anew, and not the rectangle */
    byte[] png(boolean around) {
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        for (int row = 0; row < height; row++) {
            for (int column = 0; column < width; column++) {
                boolean inside = column >= x && column < x + w && row >= y && row < y + h;
                image.setRGB(column, row, inside == around ? OPAQUE : CLEAR);
            }
        }
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
