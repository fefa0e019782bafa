package dev.tessera.pipeline;

import com.google.protobuf.ByteString;
import dev.tessera.inference.Drawing;
import dev.tessera.inference.LatentPicture;
import dev.tessera.inference.TokenGrid;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.Job;
import dev.tessera.v1.LowResolutionTokens;
import dev.tessera.v1.TokensGenerated;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Token grids and latent pictures as messages carry them. */
public final class TokenMessages {
    private TokenMessages() {}

    public static dev.tessera.v1.TokenGrid of(TokenGrid grid) {
        dev.tessera.v1.TokenGrid.Builder message = dev.tessera.v1.TokenGrid.newBuilder()
                .setRows(grid.rows())
                .setColumns(grid.columns())
                .setCodebookSize(grid.codebookSize())
                .addAllScales(grid.scales());
        Arrays.stream(grid.ids()).forEach(message::addIds);
        return message.build();
    }

    /** @throws IllegalArgumentException when the message is no grid of codes */
    public static TokenGrid read(dev.tessera.v1.TokenGrid message) {
        int[] ids = message.getIdsList().stream().mapToInt(Integer::intValue).toArray();
        return message.getScalesCount() == 0
                ? new TokenGrid(message.getRows(), message.getColumns(), message.getCodebookSize(), ids)
                : TokenGrid.ofScales(message.getScalesList(), message.getCodebookSize(), ids);
    }

    /** The work of the decoder of an image. */
    public static TokensGenerated generated(Job job, int imageIndex, Drawing drawing) {
        TokensGenerated.Builder message = TokensGenerated.newBuilder()
                .setJob(job)
                .setImageIndex(imageIndex)
                .setTokens(of(drawing.tokens()));
        return switch (drawing) {
            case Drawing.OfTokens _ -> message.build();
            case Drawing.Blended blended ->
                message.setLatent(of(blended.latent())).build();
        };
    }

    /**
     * What the decoder is given.
     *
     * @throws IllegalArgumentException when the message has no grid of codes, or a latent picture that is none, or none
     *     where its job asks for one
     */
    public static Drawing read(TokensGenerated message) {
        TokenGrid tokens = read(message.getTokens());
        if (message.hasLatent()) {
            return new Drawing.Blended(tokens, read(message.getLatent()));
        }
        if (message.getJob().getSampling().getMoreSmooth()) {
            throw new IllegalArgumentException("the job asks for a smooth image, and its latent picture is missing");
        }
        return new Drawing.OfTokens(tokens);
    }

    private static dev.tessera.v1.LatentPicture of(LatentPicture picture) {
        float[] values = picture.values();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return dev.tessera.v1.LatentPicture.newBuilder()
                .setDimensions(picture.dimensions())
                .setSide(picture.side())
                .setFloats(ByteString.copyFrom(bytes))
                .build();
    }

    private static LatentPicture read(dev.tessera.v1.LatentPicture message) {
        FloatBuffer floats = message.getFloats()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[floats.remaining()];
        floats.get(values);
        return new LatentPicture(message.getDimensions(), message.getSide(), values);
    }

    /** The work of the super-resolution of an image, under the image's own condition. */
    public static LowResolutionTokens lowResolution(ImageConditioned image, dev.tessera.v1.TokenGrid tokens) {
        return LowResolutionTokens.newBuilder()
                .setJob(image.getJob())
                .setImageIndex(image.getImageIndex())
                .setTokens(tokens)
                .setConditioning(image.getConditioning())
                .setUnconditional(image.getUnconditional())
                .build();
    }
}
