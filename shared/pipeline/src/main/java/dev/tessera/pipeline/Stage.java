package dev.tessera.pipeline;

import java.util.Locale;

/** The stages, in the order in which a job passes them. */
public enum Stage {
    GATEWAY,
    TOKENIZER,
    GENERATOR,
    SUPERRES,
    DECODER;

    /** The stage's one name: topic part, consumer group, metric tag and Helm key. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
