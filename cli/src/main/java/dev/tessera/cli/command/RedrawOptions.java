package dev.tessera.cli.command;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** What of a picture is to be made anew, for jobs and renderings alike. */
abstract sealed class RedrawOptions permits EditOptions, RenderEditOptions {
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
    private @Nullable Double strength;

    @CommandLine.Option(
            names = "--resample",
            arity = "0..1",
            fallbackValue = "0.08",
            paramLabel = "SHARE",
            description =
                    "Edit without a mask, with a masked model: draw this share of the picture anew in each step; 0.08 if"
                            + " no number follows.")
    private @Nullable Double resample;

    final @Nullable Double strength() {
        return strength;
    }

    final @Nullable Double resample() {
        return resample;
    }

    /** Whether any of them is said. */
    final boolean redraws() {
        return Stream.of(mask, region, keep, strength, resample).anyMatch(Objects::nonNull);
    }

    final boolean hasRectangle() {
        return mask == null && (region != null || keep != null);
    }

    /** @throws CommandException when there are several */
    final void requireOneMask() {
        if (Stream.of(mask, region, keep).filter(Objects::nonNull).count() > 1) {
            throw EditOptions.usage("--mask, --region and --keep say the same thing; give one of them");
        }
    }

    /**
     * The mask as a PNG; null without one.
     *
     * @param picture asked for only where a rectangle has to be made a mask of its size
     */
    final byte @Nullable [] mask(CommandContext context, Supplier<byte[]> picture) {
        if (mask != null) {
            return EditOptions.read(context, mask);
        }
        String rectangle = region != null ? region : keep;
        return rectangle == null
                ? null
                : RegionMask.of(rectangle, picture.get()).png(region == null);
    }
}
