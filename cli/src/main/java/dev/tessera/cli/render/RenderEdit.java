package dev.tessera.cli.render;

import com.google.protobuf.ByteString;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The picture that a rendering begins with, and what is to be made anew of it. */
public final class RenderEdit {
    private static final float PRESET_STRENGTH = 0.5f;

    private final PngPixels image;
    private final @Nullable PngPixels mask;
    private final @Nullable Float strength;
    private final @Nullable Float resample;

    /**
     * @param image a PNG file
     * @param mask likewise, in which alpha 0 means edit; null where the picture is varied
     * @param strength how much is made anew without a mask; null is a half
     * @param resample how much each step of mask-free editing makes anew; null for the other kinds of edits
     * @throws RenderException when a file cannot be used, or they do not go together
     */
    public RenderEdit(byte[] image, byte @Nullable [] mask, @Nullable Float strength, @Nullable Float resample) {
        this.image = PngPixels.of("picture", image);
        this.mask = mask == null ? null : PngPixels.of("mask", mask);
        this.strength = strength;
        this.resample = resample;
        if ((mask == null ? 0 : 1) + (strength == null ? 0 : 1) + (resample == null ? 0 : 1) > 1) {
            throw new RenderException("a mask, a strength and resampling are three ways to edit; give one of them");
        }
        if (this.image.isTransparent()) {
            throw new RenderException("the picture has transparent pixels; what is to be edited is the mask's to say");
        }
        if (this.mask != null && !this.mask.hasHole()) {
            throw new RenderException("the mask has no pixel of alpha 0, so that nothing would be edited");
        }
    }

    /** Of mask-free editing, how much each step makes anew. */
    Optional<Float> resampled() {
        return Optional.ofNullable(resample);
    }

    /** As the gateway would describe it, without a place in the bucket. */
    Edit edit() {
        Edit.Builder edit = Edit.newBuilder().setImageSha256(image.sha256());
        if (mask != null) {
            return edit.setMaskSha256(mask.sha256()).build();
        }
        if (resample != null) {
            return edit.setResample(resample).build();
        }
        return edit.setStrength(strength == null ? PRESET_STRENGTH : strength).build();
    }

    /** @throws RenderException when the files are not of that size */
    void require(ImageSize size) {
        image.require(size);
        if (mask != null) {
            mask.require(size);
        }
    }

    EditSource source() {
        EditSource.Builder source = EditSource.newBuilder()
                .setWidth(image.size().width())
                .setHeight(image.size().height())
                .setRgb(ByteString.copyFrom(image.rgb()));
        if (mask != null) {
            source.setMask(ByteString.copyFrom(mask.holes()));
        }
        return source.build();
    }
}
