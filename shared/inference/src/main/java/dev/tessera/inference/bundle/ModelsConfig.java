package dev.tessera.inference.bundle;

import io.smallrye.config.ConfigMapping;
import java.nio.file.Path;
import java.util.List;

/** Which models a process serves. */
@ConfigMapping(prefix = "tessera.models")
public interface ModelsConfig {
    /** The folders of the model bundles, one for each model. */
    List<Path> directories();
}
