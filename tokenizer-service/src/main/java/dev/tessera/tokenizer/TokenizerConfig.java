package dev.tessera.tokenizer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** How the tokenizer service encodes prompts. */
@ConfigMapping(prefix = "tessera.tokenizer")
public interface TokenizerConfig {
    /** Threads that share the work on one prompt; 0 for one per physical core. */
    @WithDefault("0")
    int threads();

    /** Whether idle threads wait busily: faster on a machine of one's own, slower on a shared one. */
    @WithDefault("false")
    boolean spinning();

    /** Number of prompts of each model whose states are kept, so that a repeated one costs nothing. */
    @WithDefault("64")
    int rememberedPrompts();

    /** Where the tokenizer library unpacks its native part; a writable folder, the home directory's when not given. */
    Optional<Path> nativeDirectory();
}
