package dev.tessera.decoder;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How the decoder service makes pictures. How many of each model at once is {@code tessera.work.slots}. */
@ConfigMapping(prefix = "tessera.decoder")
public interface DecoderConfig {
    /** Threads that share the work on one picture; 0 for one per physical core. */
    @WithDefault("0")
    int threads();

    /** Whether idle threads wait busily: faster on a machine of one's own, slower on a shared one. */
    @WithDefault("false")
    boolean spinning();
}
