package dev.tessera.pipeline;

/**
 * How a work item came to its worker; a second parameter of a worker's method.
 *
 * @param stage whose queue it was on
 * @param model whose queue it was on
 * @param attempt 1 for the first delivery
 */
public record Delivery(Stage stage, String model, int attempt) {}
