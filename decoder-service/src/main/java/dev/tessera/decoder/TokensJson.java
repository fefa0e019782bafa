package dev.tessera.decoder;

import dev.tessera.inference.TokenGrid;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A token grid as the artifact beside a picture: enough to decode it again. */
public final class TokensJson {
    private TokensJson() {}

    /** {@code {"grid":[rows,columns],"codebook":V,"tokens":[…]}} in UTF-8. */
    public static byte[] of(TokenGrid tokens) {
        String ids = Arrays.stream(tokens.ids()).mapToObj(Integer::toString).collect(Collectors.joining(","));
        return ("{\"grid\":[" + tokens.rows() + "," + tokens.columns() + "],\"codebook\":" + tokens.codebookSize()
                        + ",\"tokens\":[" + ids + "]}\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
