package dev.tessera.pipeline;

import java.util.Set;

/** The models whose work this process does; a service makes it from its bundles, the work queue subscribes by it. */
@FunctionalInterface
public interface ServedModels {
    Set<ModelVersion> versions();
}
