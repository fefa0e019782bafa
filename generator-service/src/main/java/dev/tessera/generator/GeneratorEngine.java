package dev.tessera.generator;

/** A token generator with its network, in one process. */
public interface GeneratorEngine extends TokenGenerator, AutoCloseable {
    /** Whether its thread lives; once it has died, only a restart helps. */
    boolean alive();

    /** Whether images can be expected to succeed: the thread lives and the last steps did not all fail. */
    boolean healthy();

    /** Takes no more images, fails those that wait as transient, and gives those in flight time to end. */
    @Override
    void close();
}
