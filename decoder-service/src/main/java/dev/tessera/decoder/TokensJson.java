package dev.tessera.decoder;

import dev.tessera.inference.TokenGrid;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A token grid as the artifact beside a picture: enough to decode it again. */
public final class TokensJson {
    private TokensJson() {}

    /**
     * {@code {"grid":[rows,columns],"codebook":V,"tokens":[…]}} in UTF-8. Where there are several grids,
     * {@code "scales":[…]} after the first has their sides; the tokens are those of all, coarse to fine.
     */
    public static byte[] of(TokenGrid tokens) {
        String ids = Arrays.stream(tokens.ids()).mapToObj(Integer::toString).collect(Collectors.joining(","));
        return ("{\"grid\":[" + tokens.rows() + "," + tokens.columns() + "]," + scales(tokens) + "\"codebook\":"
                        + tokens.codebookSize() + ",\"tokens\":[" + ids + "]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String scales(TokenGrid tokens) {
        String sides = tokens.scales().stream().map(String::valueOf).collect(Collectors.joining(","));
        return sides.isEmpty() ? "" : "\"scales\":[" + sides + "],";
    }
}
