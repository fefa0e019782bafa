package dev.tessera.cli.command;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Makes a picture of any kind that Java reads the PNG that a model takes: its middle, scaled, without transparency. */
final class FittedPicture {
    private FittedPicture() {}

    /**
     * A PNG file of that size.
     *
     * @throws CommandException when the file is no picture
     */
    static byte[] png(byte[] file, int width, int height) {
        BufferedImage picture = read(file)
                .orElseThrow(
                        () -> EditOptions.usage("the picture is of no kind that can be read; give a PNG or a JPEG"));
        BufferedImage middle = middle(picture, width, height);
        var fitted = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D canvas = fitted.createGraphics();
        canvas.setColor(java.awt.Color.WHITE);
        canvas.fillRect(0, 0, width, height);
        canvas.drawImage(scaled(middle, width, height), 0, 0, null);
        canvas.dispose();
        return png(fitted);
    }

    private static Optional<BufferedImage> read(byte[] file) {
        try {
            return Optional.ofNullable(ImageIO.read(new ByteArrayInputStream(file)));
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** The largest part around the centre that has the shape of the wanted size. */
    private static BufferedImage middle(BufferedImage picture, int width, int height) {
        int wide = (int) Math.min(picture.getWidth(), (long) picture.getHeight() * width / height);
        int high = (int) Math.min(picture.getHeight(), (long) picture.getWidth() * height / width);
        return picture.getSubimage(
                (picture.getWidth() - Math.max(1, wide)) / 2,
                (picture.getHeight() - Math.max(1, high)) / 2,
                Math.max(1, wide),
                Math.max(1, high));
    }

    /** Averages when it gets smaller. */
    private static Image scaled(BufferedImage picture, int width, int height) {
        return picture.getWidth() == width && picture.getHeight() == height
                ? picture
                : picture.getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
    }

    private static byte[] png(BufferedImage picture) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
