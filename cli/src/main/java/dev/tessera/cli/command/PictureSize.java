package dev.tessera.cli.command;

import dev.tessera.inference.bundle.ImageSize;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The way in which sizes are written: width, x, height, in pixels. */
final class PictureSize {
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");

    private PictureSize() {}

    /** @throws CommandException when it is written otherwise */
    static ImageSize parse(String size) {
        Matcher sides = SIZE.matcher(size);
        if (!sides.matches()) {
            throw new CommandException(
                    CommandException.Reason.USAGE, "--size is '" + size + "'; give WIDTHxHEIGHT in pixels, as 512x384");
        }
        return new ImageSize(Integer.parseInt(sides.group(1)), Integer.parseInt(sides.group(2)));
    }
}
