package dev.tessera.inference;

/** What was drawn of an image: all that its decoder needs. */
public sealed interface Drawing {
    /** Of all grids. */
    TokenGrid tokens();

    /** Tokens, which say all. */
    record OfTokens(TokenGrid tokens) implements Drawing {}

    /**
     * A latent picture of blended code vectors.
     *
     * @param tokens of each cell the code that it has most of: nearly the same picture, not exactly
     */
    record Blended(TokenGrid tokens, LatentPicture latent) implements Drawing {}
}
