package dev.tessera.tokenizer;

import com.google.protobuf.ByteString;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.ImageSize;
import dev.tessera.pipeline.TokenMessages;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.KnownTokens;

/** Turns the picture that an edit begins with into tokens of its model, and the mask of pixels into one of cells. */
public final class PictureTokens {
    private static final int CHANNELS = 3;

    private final PictureEncoder encoder;
    private final ImageSize finished;
    private final ImageSize encoded;
    private final Grid grid;
    private final SmallerPicture smaller;

    /**
     * For one model.
     *
     * @param finished size of the model's pictures
     * @param encoded size of those that the encoder takes: smaller where the model has super-resolution
     * @param grid that the encoder makes; the finest, where there are several
     * @throws IllegalArgumentException when the one size is no multiple of the other
     */
    public PictureTokens(PictureEncoder encoder, ImageSize finished, ImageSize encoded, Grid grid) {
        this.encoder = encoder;
        this.finished = finished;
        this.encoded = encoded;
        this.grid = grid;
        this.smaller = new SmallerPicture(finished, encoded);
    }

    /**
     * What the generator is to begin with. Tokens that come with the picture are taken as they are. The picture is of
     * either of the model's sizes.
     *
     * @throws TokenizerException when the picture or its mask is not of the model's size, or cannot be encoded
     */
    public KnownTokens of(Edit edit, EditSource source) {
        ImageSize size = size(source);
        requireFilled("picture", size, source.getRgb(), CHANNELS);
        KnownTokens.Builder known = KnownTokens.newBuilder()
                .setTokens(source.hasTokens() ? source.getTokens() : encoded(size, source.getRgb()));
        return source.getMask().isEmpty()
                ? known.setStrength(edit.getStrength()).build()
                : known.setRedrawn(cells(size, source.getMask())).build();
    }

    private ImageSize size(EditSource source) {
        boolean small = source.getWidth() == encoded.width() && source.getHeight() == encoded.height();
        return small ? encoded : finished;
    }

    private ByteString cells(ImageSize size, ByteString pixels) {
        requireFilled("mask", size, pixels, 1);
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
            throw new TokenizerException(
                    Reason.MALFORMED_PICTURE,
                    "the " + what + " to edit is not of the model's " + size.width() + " x " + size.height()
                            + " pixels");
        }
    }

    private dev.tessera.v1.TokenGrid encoded(ImageSize size, ByteString rgb) {
        byte[] picture = rgb.toByteArray();
        return TokenMessages.of(encoder.encode(size.equals(encoded) ? picture : smaller.of(picture)));
    }
}
