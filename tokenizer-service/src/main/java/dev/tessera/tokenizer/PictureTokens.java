package dev.tessera.tokenizer;

import com.google.protobuf.ByteString;
import dev.tessera.inference.CellMask;
import dev.tessera.inference.TokenGrid;
import dev.tessera.inference.bundle.BundleManifest.Grid;
import dev.tessera.inference.bundle.BundleManifest.ImageSize;
import dev.tessera.tokenizer.TokenizerException.Reason;
import dev.tessera.v1.Edit;
import dev.tessera.v1.EditSource;
import dev.tessera.v1.KnownTokens;
import java.util.Arrays;

/** Turns the picture that an edit begins with into tokens of its model, and the mask of pixels into one of cells. */
public final class PictureTokens {
    private static final int CHANNELS = 3;

    private final PictureEncoder encoder;
    private final ImageSize size;
    private final Grid grid;

    /**
     * For one model.
     *
     * @param size of the model's pictures
     * @param grid the finest, where there are several
     */
    public PictureTokens(PictureEncoder encoder, ImageSize size, Grid grid) {
        this.encoder = encoder;
        this.size = size;
        this.grid = grid;
    }

    /**
     * What the generator is to begin with. Tokens that come with the picture are taken as they are.
     *
     * @throws TokenizerException when the picture or its mask is not of the model's size, or cannot be encoded
     */
    public KnownTokens of(Edit edit, EditSource source) {
        requireFilled("picture", source.getRgb(), CHANNELS);
        KnownTokens.Builder known =
                KnownTokens.newBuilder().setTokens(source.hasTokens() ? source.getTokens() : encoded(source.getRgb()));
        return source.getMask().isEmpty()
                ? known.setStrength(edit.getStrength()).build()
                : known.setRedrawn(cells(source.getMask())).build();
    }

    private ByteString cells(ByteString pixels) {
        requireFilled("mask", pixels, 1);
        try {
            CellMask mask =
                    CellMask.ofPixels(grid.rows(), grid.columns(), pixels.toByteArray(), size.width(), size.height());
            return ByteString.copyFrom(mask.cells());
        } catch (IllegalArgumentException e) {
            throw new TokenizerException(Reason.MALFORMED_PICTURE, "malformed mask: " + e.getMessage(), e);
        }
    }

    private void requireFilled(String what, ByteString bytes, int channels) {
        if (bytes.size() != size.width() * size.height() * channels) {
            throw new TokenizerException(
                    Reason.MALFORMED_PICTURE,
                    "the " + what + " to edit is not of the model's " + size.width() + " x " + size.height()
                            + " pixels");
        }
    }

    private dev.tessera.v1.TokenGrid encoded(ByteString rgb) {
        TokenGrid tokens = encoder.encode(rgb.toByteArray());
        dev.tessera.v1.TokenGrid.Builder message = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(tokens.rows())
                .setColumns(tokens.columns())
                .setCodebookSize(tokens.codebookSize())
                .addAllScales(tokens.scales());
        Arrays.stream(tokens.ids()).forEach(message::addIds);
        return message.build();
    }
}
