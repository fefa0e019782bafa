package dev.tessera.gateway;

import com.google.protobuf.ByteString;
import dev.tessera.gateway.png.Pixels;
import dev.tessera.inference.bundle.ImageSize;
import dev.tessera.inference.bundle.MapConditioning;
import dev.tessera.inference.bundle.MapKind;
import dev.tessera.v1.ConditionSource;
import java.util.Optional;

/** Reads the map that a request is conditioned on: a grey PNG, of labels or of depths. */
final class MapFields {
    private static final String FIELD = "condition";
    private static final int CHANNELS = 3;

    private final PictureFields pictures;

    MapFields(PictureFields pictures) {
        this.pictures = pictures;
    }

    /**
     * What is wrong becomes errors of the field; then the result is not to be used.
     *
     * @param size of the picture that is asked for
     */
    JobRequest.Condition read(RequestFields fields, MapConditioning wanted, Optional<ImageSize> size) {
        if (!fields.has(FIELD)) {
            fields.error(FIELD, "is missing; give " + described(wanted) + " of the picture's size");
        }
        return size.flatMap(pixels -> pictures.read(fields, FIELD, pixels))
                .flatMap(picture -> map(fields, wanted, picture))
                .orElse(new JobRequest.Anything());
    }

    private static Optional<JobRequest.Condition> map(
            RequestFields fields, MapConditioning wanted, PictureFields.Picture picture) {
        Pixels pixels = picture.pixels();
        byte[] rgb = pixels.rgb();
        byte[] values = new byte[pixels.pixels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rgb[CHANNELS * i];
            if (rgb[CHANNELS * i + 1] != values[i] || rgb[CHANNELS * i + 2] != values[i] || pixels.alpha(i) < 255) {
                fields.error(FIELD, "has a pixel that is not grey and opaque; give " + described(wanted));
                return Optional.empty();
            }
            int label = Byte.toUnsignedInt(values[i]);
            if (wanted.map() == MapKind.SEGMENTATION && label >= wanted.channels()) {
                fields.error(FIELD, "has a pixel of the label " + label + "; give " + described(wanted));
                return Optional.empty();
            }
        }
        var map = ConditionSource.newBuilder()
                .setWidth(pixels.width())
                .setHeight(pixels.height())
                .setValues(ByteString.copyFrom(values))
                .build();
        return Optional.of(new JobRequest.OfMap(map, picture.sha256()));
    }

    private static String described(MapConditioning wanted) {
        return switch (wanted.map()) {
            case SEGMENTATION ->
                "a grey PNG of 8 bits in which each pixel is its label, from 0 to " + (wanted.channels() - 1);
            case DEPTH -> "a grey PNG of 8 bits in which each pixel is its depth, from 0 to 255";
        };
    }
}
