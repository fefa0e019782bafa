package dev.tessera.pipeline;

import dev.tessera.inference.TokenGrid;
import dev.tessera.v1.ImageConditioned;
import dev.tessera.v1.LowResolutionTokens;
import java.util.Arrays;

/** Token grids as messages carry them. */
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
