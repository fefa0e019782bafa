package dev.tessera.tokenizer;

import com.google.protobuf.ByteString;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.bundle.BundleManifest;
import dev.tessera.inference.bundle.Grid;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.KnownTokens;

/** Turns the picture that an edit begins with into tokens of its model, and the mask of pixels into one of cells. */
public final class PictureTokens {
    private static final int CHANNELS = 3;

    private final PictureEncoder encoder;
    private final BundleManifest model;
    private final SmallerPicture smaller;

    /**
     * For one model.
     *
     * @param encoder that takes the model's pictures; smaller ones where it has super-resolution
     * @throws IllegalArgumentException when the one size is no multiple of the other
     */
    public PictureTokens(PictureEncoder encoder, BundleManifest model) {
        this.encoder = encoder;
        this.model = model;
        this.smaller = new SmallerPicture(model.image(), model.encodedImage());
    }

    /**
     * What the generator is to begin with. Tokens that come with the picture are taken as they are. The picture is of a
     * size that the model makes, or with super-resolution one that it makes larger.
     *
     * @throws TokenizerException when the picture or its mask is not of the model's size, or cannot be encoded
     */
    public KnownTokens of(Edit edit, EditSource source) {
        ImageSize size = size(source);
        requireFilled("picture", size, source.getRgb(), CHANNELS);
        KnownTokens.Builder known = KnownTokens.newBuilder()
                .setTokens(source.hasTokens() ? source.getTokens() : encoded(size, source.getRgb()));
        return source.getMask().isEmpty()
                ? known.setStrength(edit.getStrength())
                        .setResample(edit.getResample())
                        .build()
                : known.setRedrawn(cells(size, source.getMask())).build();
    }

    private ImageSize size(EditSource source) {
        if (source.getWidth() > 0 && source.getHeight() > 0) {
            var size = new ImageSize(source.getWidth(), source.getHeight());
            if (isEncoded(size) || size.equals(model.image())) {
                return size;
            }
        }
        throw malformed("the picture to edit is of " + source.getWidth() + " x " + source.getHeight()
                + " pixels, which is no size of " + model.name());
    }

    private boolean isEncoded(ImageSize size) {
        return size.equals(model.encodedImage())
                || model.superres().isEmpty() && model.gridOf(size).isPresent();
    }

    /** That the encoder makes of a picture, or of one made smaller; the finest, where there are several. */
    private Grid grid(ImageSize size) {
        return model.superres().isPresent() ? model.grid() : model.gridOf(size).orElseGet(model::grid);
    }

    private ByteString cells(ImageSize size, ByteString pixels) {
        requireFilled("mask", size, pixels, 1);
        Grid grid = grid(size);
        try {
            CellMask mask =
                    CellMask.ofPixels(grid.rows(), grid.columns(), pixels.toByteArray(), size.width(), size.height());
            return ByteString.copyFrom(mask.cells());
        } catch (IllegalArgumentException e) {
            throw new TokenizerException(Reason.MALFORMED_PICTURE, "malformed mask: " + e.getMessage(), e);
        }
    }

    private static void requireFilled(String what, ImageSize size, ByteString bytes, int channels) {
        if (bytes.size() != size.width() * size.height() * channels) {
            throw malformed("the " + what + " to edit is not of the " + size.width() + " x " + size.height()
                    + " pixels that it is said to be");
        }
    }

    private static TokenizerException malformed(String message) {
        return new TokenizerException(Reason.MALFORMED_PICTURE, message);
    }

    private dev.tessera.v1.TokenGrid encoded(ImageSize size, ByteString rgb) {
        byte[] picture = rgb.toByteArray();
        return TokenMessages.of(
                isEncoded(size)
                        ? encoder.encode(size, picture)
                        : encoder.encode(model.encodedImage(), smaller.of(picture)));
    }
}
