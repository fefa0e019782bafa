package dev.tessera.gateway;

/**
 * Why a job failed.
 *
 * @param code machine-readable, in lower case with underscores
 * @param detail for people
 * @param stage where it failed; empty when no stage is to blame
 */
public record JobError(String code, String detail, String stage) {}
