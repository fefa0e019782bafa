package dev.tessera.importer;

import dev.tessera.inference.bundle.Defaults;

/** The sampling parameters that a bundle proposes to requests which name none. */
public sealed interface Sampling {
    /**
     * Those of LlamaGen's own sampling scripts: guidance 4 and the 2000 likeliest codes for classes, guidance 7.5 and
     * the 1000 likeliest for text.
     */
    static Sampling published() {
        return new Published();
    }

    /** Those of VAR's own demonstration: its guidance 4, the 900 likeliest codes, of these 95 %. */
    static Sampling publishedByVar() {
        return new PublishedByVar();
    }

    /** Those of aMUSEd's own pipeline: guidance 10, noise of temperature 2 on the confidences, any code. */
    static Sampling publishedByAmused() {
        return new PublishedByAmused();
    }

    /** None are published with Muse: the guidance of its relatives, the noise of MaskGIT. */
    static Sampling proposedForMuse() {
        return new ProposedForMuse();
    }

    /** Those of taming-transformers' own demonstrations: the 100 likeliest codes; there is no guidance. */
    static Sampling publishedByTaming() {
        return new PublishedByTaming();
    }

    static Sampling of(Defaults defaults) {
        return new Chosen(defaults);
    }

    /** The parameters for a model with that many codes. */
    default Defaults defaults(boolean text, int codes) {
        return switch (this) {
            case Published _ -> new Defaults(text ? 7.5f : 4f, 1f, Math.min(text ? 1000 : 2000, codes), 1f);
            case PublishedByVar _ -> new Defaults(4f, 1f, Math.min(900, codes), 0.95f);
            case PublishedByAmused _ -> new Defaults(10f, 2f, 0, 1f);
            case ProposedForMuse _ -> new Defaults(8f, 4.5f, 0, 1f);
            case PublishedByTaming _ -> new Defaults(1f, 1f, Math.min(100, codes), 1f);
            case Chosen(Defaults defaults) -> defaults;
        };
    }

    record Published() implements Sampling {}

    record PublishedByVar() implements Sampling {}

    record PublishedByAmused() implements Sampling {}

    record ProposedForMuse() implements Sampling {}

    record PublishedByTaming() implements Sampling {}

    record Chosen(Defaults defaults) implements Sampling {}
}
