package dev.tessera.generation;

import dev.tessera.inference.TokenGrid;
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
}
