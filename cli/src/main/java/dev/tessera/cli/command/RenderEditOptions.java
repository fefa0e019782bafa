package dev.tessera.cli.command;

import dev.tessera.cli.render.RenderEdit;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The picture that a rendering begins with, and what is to be made anew of it. */
final class RenderEditOptions extends RedrawOptions {
    @CommandLine.Option(
            names = "--image",
            paramLabel = "FILE",
            description = "Edit this picture: a PNG of the size that is drawn, the model's or --size.")
    private @Nullable Path image;

    /** Reads the files. */
    Optional<RenderEdit> edit(CommandContext context) {
        requireOneMask();
        if (image == null) {
            if (redraws()) {
                throw EditOptions.usage("an edit needs a picture; give --image");
            }
            return Optional.empty();
        }
        byte[] file = EditOptions.read(context, image);
        return Optional.of(new RenderEdit(file, mask(context, () -> file), single(strength()), single(resample())));
    }

    private static @Nullable Float single(@Nullable Double number) {
        return number == null ? null : number.floatValue();
    }
}
