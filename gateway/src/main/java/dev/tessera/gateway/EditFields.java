package dev.tessera.gateway;

import com.google.protobuf.ByteString;
import dev.tessera.gateway.RequestFields.Range;
import dev.tessera.gateway.png.Pixels;
import dev.tessera.inference.Resampling;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import java.util.List;

/** Reads what a request says of the picture that it begins with. */
public final class EditFields {
    static final List<String> NAMES = List.of("image", "mask", "from", "strength", "resample");

    private static final float PRESET_STRENGTH = 0.5f;
    private static final Range STRENGTHS = Range.above(0, 1);

    private final PictureFields pictures;
    private final StoredImages stored;

    /** @param maxPictureBytes of one file */
    public EditFields(StoredImages stored, int maxPictureBytes) {
        this.stored = stored;
        this.pictures = new PictureFields(maxPictureBytes);
    }

    /** How pictures are read. */
    PictureFields pictures() {
        return pictures;
    }

    /** Whether the request begins with a picture. */
    static boolean areIn(RequestFields fields) {
        return fields.has("image") || fields.has("from");
    }

    /**
     * What is wrong becomes errors of the fields; then the result is not to be used.
     *
     * @param size of the picture that is asked for, which the one to begin with has, too
     */
    EditRequest read(RequestFields fields, Tenant tenant, Model model, ImageSize size) {
        checkTogether(fields);
        if (!areIn(fields)) {
            return new EditRequest.None();
        }
        EditSource.Builder source =
                EditSource.newBuilder().setWidth(size.width()).setHeight(size.height());
        Edit.Builder edit = Edit.newBuilder();
        if (fields.has("image")) {
            readImage(fields, model, size, source, edit);
        } else {
            readStored(fields, tenant, model, size, source, edit);
        }
        if (fields.has("mask")) {
            readMask(fields, size, source, edit);
        } else if (fields.has("resample")) {
            edit.setResample((float) fields.number("resample", STRENGTHS).orElse(Resampling.SHARE));
        } else {
            edit.setStrength((float) fields.number("strength", STRENGTHS).orElse(PRESET_STRENGTH));
        }
        return new EditRequest.OfPicture(source.build(), edit.build());
    }

    /**
     * The picture that is only to be upscaled: one of the size that the model's base grids stand for. What is wrong becomes
     * errors of the fields; then the result is not to be used.
     */
    EditRequest readBase(RequestFields fields, Tenant tenant, Model model) {
        checkTogether(fields);
        for (String name : List.of("mask", "strength", "resample")) {
            if (fields.has(name)) {
                fields.error(name, "is not for a request with upscale, which draws nothing anew; leave it out");
            }
        }
        ImageSize size = model.manifest().encodedImage();
        if (!areIn(fields)) {
            fields.error(
                    "upscale",
                    "needs a picture of " + size.width() + "x" + size.height() + "; give it as image, or as from");
            return new EditRequest.None();
        }
        EditSource.Builder source =
                EditSource.newBuilder().setWidth(size.width()).setHeight(size.height());
        Edit.Builder edit = Edit.newBuilder();
        if (fields.has("image")) {
            readImage(fields, model, size, source, edit);
        } else {
            readStoredPicture(fields, tenant, size, source, edit);
        }
        return new EditRequest.OfPicture(source.build(), edit.build());
    }

    private void readStoredPicture(
            RequestFields fields, Tenant tenant, ImageSize size, EditSource.Builder source, Edit.Builder edit) {
        fields.text("from").ifPresent(url -> {
            try {
                StoredImages.Picture picture = stored.picture(tenant, url, size);
                source.setRgb(ByteString.copyFrom(picture.pixels().rgb()));
                edit.setImageSha256(picture.sha256()).setFrom(url);
            } catch (StoredImages.Unusable e) {
                fields.error("from", e.detail());
            }
        });
    }

    private static void checkTogether(RequestFields fields) {
        if (fields.has("image") && fields.has("from")) {
            fields.error("from", "is not for a request with an image; give one of the two");
        }
        if (fields.has("mask") && fields.has("strength")) {
            fields.error("strength", "is not for a request with a mask, which says what is made anew; leave it out");
        }
        for (String name : List.of("mask", "strength", "resample")) {
            if (fields.has(name) && !areIn(fields)) {
                fields.error(name, "needs a picture; give it as image, or as from");
            }
        }
    }

    private void readImage(
            RequestFields fields, Model model, ImageSize size, EditSource.Builder source, Edit.Builder edit) {
        if (!model.encodesPictures()) {
            fields.error("image", "is not for " + model.name() + ", which has no image encoder; give from instead");
            return;
        }
        pictures.read(fields, "image", size).ifPresent(picture -> {
            if (anyBelow(picture.pixels(), 255)) {
                fields.error("image", "has transparent pixels; give it without, and what is to be edited as mask");
                return;
            }
            source.setRgb(ByteString.copyFrom(picture.pixels().rgb()));
            edit.setImageSha256(picture.sha256());
        });
    }

    private void readStored(
            RequestFields fields,
            Tenant tenant,
            Model model,
            ImageSize size,
            EditSource.Builder source,
            Edit.Builder edit) {
        if (!model.editsStoredTokens() && !model.encodesPictures()) {
            fields.error("from", "is not for " + model.name() + ", which has no image encoder for its base grid");
            return;
        }
        fields.text("from").ifPresent(url -> {
            try {
                StoredImages.Stored image = stored.find(tenant, url, model, size);
                source.setRgb(ByteString.copyFrom(image.pixels().rgb()));
                if (model.editsStoredTokens()) {
                    source.setTokens(TokenMessages.of(image.tokens()));
                }
                edit.setImageSha256(image.sha256()).setFrom(url);
            } catch (StoredImages.Unusable e) {
                fields.error("from", e.detail());
            }
        });
    }

    private void readMask(RequestFields fields, ImageSize size, EditSource.Builder source, Edit.Builder edit) {
        pictures.read(fields, "mask", size).ifPresent(picture -> {
            Pixels pixels = picture.pixels();
            if (!pixels.hasAlpha()) {
                fields.error("mask", "has no alpha channel; give a PNG in which alpha 0 marks what is to be edited");
                return;
            }
            byte[] redrawn = new byte[pixels.pixels()];
            for (int i = 0; i < redrawn.length; i++) {
                redrawn[i] = (byte) (pixels.alpha(i) == 0 ? 1 : 0);
            }
            if (!anyBelow(pixels, 1)) {
                fields.error("mask", "has no pixel of alpha 0, so that nothing would be edited; give one that has");
                return;
            }
            source.setMask(ByteString.copyFrom(redrawn));
            edit.setMaskSha256(picture.sha256());
        });
    }

    private static boolean anyBelow(Pixels pixels, int alpha) {
        for (int i = 0; i < pixels.pixels(); i++) {
            if (pixels.alpha(i) < alpha) {
                return true;
            }
        }
        return false;
    }
}
