package dev.tessera.generation;

import dev.tessera.pipeline.ServedModels;
import dev.tessera.pipeline.TakingEnded;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** What the work queue learns of a service's generators, and they of it. */
@Singleton
class GeneratorsAtWork {
    private final Generators generators;

    GeneratorsAtWork(Generators generators) {
        this.generators = generators;
    }

    @Produces
    @Singleton
    ServedModels servedModels() {
        return generators::versions;
    }

    /** Images that take long are left to others, while their records are still held and what is done can be published. */
    void leave(@Observes TakingEnded ended) {
        generators.leave();
    }
}
