package dev.tessera.gateway;

import com.google.protobuf.ByteString;
import dev.tessera.gateway.RequestFields.Range;
import dev.tessera.gateway.png.Pixels;
import dev.tessera.inference.TokenGrid;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads what a request says of the picture that it begins with. */
public final class EditFields {
    static final List<String> NAMES = List.of("image", "mask", "from", "strength");

    private static final float PRESET_STRENGTH = 0.5f;
    private static final Range STRENGTHS = Range.above(0, 1);

    private final PictureFields pictures;
    private final StoredImages stored;

    /** @param maxPictureBytes of one file */
    public EditFields(StoredImages stored, int maxPictureBytes) {
        this.stored = stored;
        this.pictures = new PictureFields(maxPictureBytes);
    }

    /** Whether the request begins with a picture. */
    static boolean areIn(RequestFields fields) {
        return fields.has("image") || fields.has("from");
    }

    /** What is wrong becomes errors of the fields; then the result is not to be used. */
    EditRequest read(RequestFields fields, Tenant tenant, Model model) {
        checkTogether(fields);
        if (!areIn(fields) || refused(fields, model)) {
            return new EditRequest.None();
        }
        EditSource.Builder source = EditSource.newBuilder()
                .setWidth(model.manifest().image().width())
                .setHeight(model.manifest().image().height());
        Edit.Builder edit = Edit.newBuilder();
        if (fields.has("image")) {
            readImage(fields, model, source, edit);
        } else {
            readStored(fields, tenant, model, source, edit);
        }
        if (fields.has("mask")) {
            readMask(fields, model, source, edit);
        } else {
            edit.setStrength((float) fields.number("strength", STRENGTHS).orElse(PRESET_STRENGTH));
        }
        return new EditRequest.OfPicture(source.build(), edit.build());
    }

    private static boolean refused(RequestFields fields, Model model) {
        if (!model.edits()) {
            NAMES.stream()
                    .filter(fields::has)
                    .forEach(name ->
                            fields.error(name, "is not for " + model.name() + ", which edits nothing; leave it out"));
        }
        return !model.edits();
    }

    private static void checkTogether(RequestFields fields) {
        if (fields.has("image") && fields.has("from")) {
            fields.error("from", "is not for a request with an image; give one of the two");
        }
        if (fields.has("mask") && fields.has("strength")) {
            fields.error("strength", "is not for a request with a mask, which says what is made anew; leave it out");
        }
        for (String name : List.of("mask", "strength")) {
            if (fields.has(name) && !areIn(fields)) {
                fields.error(name, "needs a picture; give it as image, or as from");
            }
        }
    }

    private void readImage(RequestFields fields, Model model, EditSource.Builder source, Edit.Builder edit) {
        if (!model.encodesPictures()) {
            fields.error("image", "is not for " + model.name() + ", which has no image encoder; give from instead");
            return;
        }
        picture(fields, "image", model).ifPresent(picture -> {
            if (anyBelow(picture.pixels(), 255)) {
                fields.error("image", "has transparent pixels; give it without, and what is to be edited as mask");
                return;
            }
            source.setRgb(ByteString.copyFrom(picture.pixels().rgb()));
            edit.setImageSha256(picture.sha256());
        });
    }

    private void readStored(
            RequestFields fields, Tenant tenant, Model model, EditSource.Builder source, Edit.Builder edit) {
        fields.text("from").ifPresent(url -> {
            try {
                StoredImages.Stored image = stored.find(tenant, url, model);
                source.setRgb(ByteString.copyFrom(image.pixels().rgb())).setTokens(message(image.tokens()));
                edit.setImageSha256(image.sha256()).setFrom(url);
            } catch (StoredImages.Unusable e) {
                fields.error("from", e.detail());
            }
        });
    }

    private void readMask(RequestFields fields, Model model, EditSource.Builder source, Edit.Builder edit) {
        picture(fields, "mask", model).ifPresent(picture -> {
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

    private Optional<PictureFields.Picture> picture(RequestFields fields, String name, Model model) {
        return pictures.read(fields, name, model.manifest().image());
    }

    private static boolean anyBelow(Pixels pixels, int alpha) {
        for (int i = 0; i < pixels.pixels(); i++) {
            if (pixels.alpha(i) < alpha) {
                return true;
            }
        }
        return false;
    }

    private static dev.tessera.v1.TokenGrid message(TokenGrid tokens) {
        var message = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(tokens.rows())
                .setColumns(tokens.columns())
                .setCodebookSize(tokens.codebookSize())
                .addAllScales(tokens.scales());
        Arrays.stream(tokens.ids()).forEach(message::addIds);
        return message.build();
    }
}
