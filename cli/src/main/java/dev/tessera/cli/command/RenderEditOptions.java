package dev.tessera.cli.command;

import dev.tessera.cli.render.RenderEdit;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The picture that a rendering begins with, and what is to be made anew of it. */
final class RenderEditOptions {
    @CommandLine.Option(
            names = "--image",
            paramLabel = "FILE",
            description = "Edit this picture: a PNG of the size that is drawn, the model's or --size.")
    private @Nullable Path image;

    @CommandLine.Option(
            names = "--mask",
            paramLabel = "FILE",
            description = "What to make anew: a PNG of the same size, where alpha is 0. All else is kept.")
    private @Nullable Path mask;

    @CommandLine.Option(
            names = "--region",
            paramLabel = "X,Y,W,H",
            description = "Instead of a mask: make this rectangle of pixels anew.")
    private @Nullable String region;

    @CommandLine.Option(
            names = "--keep",
            paramLabel = "X,Y,W,H",
            description = "Instead of a mask: keep this rectangle, and make all around it anew.")
    private @Nullable String keep;

    @CommandLine.Option(
            names = "--strength",
            paramLabel = "S",
            description = "Without a mask: how much to make anew, above 0 up to 1; 0.5 without it.")
    private @Nullable Float strength;

    @CommandLine.Option(
            names = "--resample",
            arity = "0..1",
            fallbackValue = "0.08",
            paramLabel = "SHARE",
            description =
                    "Edit without a mask, with a masked model: draw this share of the picture anew in each step; 0.08 if"
                            + " no number follows.")
    private @Nullable Float resample;

    /** Reads the files. */
    Optional<RenderEdit> edit(CommandContext context) {
        if (Stream.of(mask, region, keep).filter(Objects::nonNull).count() > 1) {
            throw EditOptions.usage("--mask, --region and --keep say the same thing; give one of them");
        }
        if (image == null) {
            if (Stream.of(mask, region, keep, strength, resample).anyMatch(Objects::nonNull)) {
                throw EditOptions.usage("an edit needs a picture; give --image");
            }
            return Optional.empty();
        }
        byte[] file = EditOptions.read(context, image);
        return Optional.of(new RenderEdit(file, mask(context, file), strength, resample));
    }

    private byte @Nullable [] mask(CommandContext context, byte[] picture) {
        if (mask != null) {
            return EditOptions.read(context, mask);
        }
        String rectangle = region != null ? region : keep;
        return rectangle == null ? null : RegionMask.of(rectangle, picture).png(region == null);
    }
}
