package dev.tessera.pipeline;

/**
 * The process has been told to go, and its queues take no more work. Fired as a CDI event before they wait for what is in
 * flight: what would take long ends it now, and leaves the rest to others.
 */
public record TakingEnded() {}
