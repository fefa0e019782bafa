package dev.tessera.cli.command;

import dev.tessera.cli.client.GatewayClient;
import dev.tessera.inference.bundle.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The picture that a job begins with, and what is to be made anew of it. The files are checked by the gateway. */
final class EditOptions extends RedrawOptions {
    private static final Pattern STORED = Pattern.compile("([A-Za-z0-9-]{1,64})(?:/([0-9]{1,6}))?");

    @CommandLine.Option(
            names = "--image",
            paramLabel = "FILE",
            description = "Edit this picture: a PNG of the size that is drawn, the model's or --size.")
    private @Nullable Path image;

    @CommandLine.Option(
            names = "--fit",
            description = "Cut the picture's middle out first and scale it to that size; it may be a JPEG, too.")
    private boolean fit;

    @CommandLine.Option(
            names = "--from",
            paramLabel = "JOB[/INDEX]",
            description = "Edit this image of an earlier job, with its tokens; image 0 without INDEX.")
    private @Nullable String from;

    @CommandLine.Option(
            names = "--upscale",
            description = "Only make the picture larger, by the model's super-resolution; the prompt may be left out.")
    private boolean upscale;

    /** As the gateway has them. */
    record Fields(
            @Nullable String image,
            @Nullable String from,
            @Nullable String mask,
            @Nullable Double strength,
            @Nullable Double resample,
            @Nullable Boolean upscale) {}

    boolean given() {
        return image != null || from != null;
    }

    /**
     * Reads the files.
     *
     * @param client of which a stored image is fetched, to know its size
     * @param model that is asked for; null for the default
     * @param size that is asked for; null for the model's own
     */
    Fields fields(CommandContext context, GatewayClient client, @Nullable String model, @Nullable String size) {
        requireOneMask();
        if (upscale && !given()) {
            throw usage("--upscale needs a picture; give --image or --from");
        }
        if (fit && image == null) {
            throw usage("--fit needs a picture; give --image");
        }
        byte[] file = image == null ? null : fit ? fitted(context, client, image, model, size) : read(context, image);
        return new Fields(
                file == null ? null : base64(file),
                from == null ? null : url(from),
                mask(context, client, file),
                strength(),
                resample(),
                upscale ? true : null);
    }

    private byte[] fitted(
            CommandContext context, GatewayClient client, Path path, @Nullable String model, @Nullable String asked) {
        byte[] file = read(context, path);
        if (asked != null && !asked.equals("auto") && !upscale) {
            ImageSize size = PictureSize.parse(asked);
            return FittedPicture.png(file, size.width(), size.height());
        }
        GatewayClient.Size size =
                upscale ? client.upscaledSize(Optional.ofNullable(model)) : client.size(Optional.ofNullable(model));
        return FittedPicture.png(file, size.width(), size.height());
    }

    private @Nullable String mask(CommandContext context, GatewayClient client, byte @Nullable [] file) {
        if (hasRectangle() && !given()) {
            throw usage("a rectangle needs a picture; give --image or --from");
        }
        byte[] mask = mask(context, () -> file != null ? file : stored(client, Objects.requireNonNull(from)));
        return mask == null ? null : base64(mask);
    }

    private static byte[] stored(GatewayClient client, String from) {
        Matcher parts = parts(from);
        return client.image(parts.group(1), index(parts));
    }

    private static String url(String from) {
        Matcher parts = parts(from);
        return "/v1/jobs/" + parts.group(1) + "/images/" + index(parts);
    }

    private static Matcher parts(String from) {
        Matcher matcher = STORED.matcher(from);
        if (!matcher.matches()) {
            throw usage("--from is " + from + "; give a job's id, and perhaps /INDEX");
        }
        return matcher;
    }

    private static int index(Matcher parts) {
        return parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
    }

    /** The content of a file in base64. */
    static String encoded(CommandContext context, Path file) {
        return base64(read(context, file));
    }

    static byte[] read(CommandContext context, Path file) {
        try {
            return Files.readAllBytes(context.resolve(file));
        } catch (IOException e) {
            throw new CommandException(CommandException.Reason.USAGE, "cannot read " + file + ": " + e, e);
        }
    }

    private static String base64(byte[] file) {
        return Base64.getEncoder().encodeToString(file);
    }

    static CommandException usage(String message) {
        return new CommandException(CommandException.Reason.USAGE, message);
    }

    /** What a rectangle is made of. */
    static List<Integer> numbers(String rectangle) {
        try {
            List<Integer> numbers = Stream.of(rectangle.split(",", -1))
                    .map(String::strip)
                    .map(Integer::valueOf)
                    .toList();
            if (numbers.size() == 4) {
                return numbers;
            }
        } catch (NumberFormatException e) {
            throw new CommandException(CommandException.Reason.USAGE, rectangle + " is not X,Y,W,H in pixels", e);
        }
        throw usage(rectangle + " is not X,Y,W,H in pixels");
    }
}
