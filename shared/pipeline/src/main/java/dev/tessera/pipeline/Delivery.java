package dev.tessera.pipeline;

/**
 * How a work item came to its worker; a second parameter of a worker's method.
 *
 * @param stage whose queue it was on
 * @param model whose queue it was on
 * @param attempt 1 for the first delivery; a worker that left in order does not count
 * @param handOvers how many workers have left the item to others so far
 */
public record Delivery(Stage stage, String model, int attempt, int handOvers) {
    /** Of an item that nobody has left to others. */
    public Delivery(Stage stage, String model, int attempt) {
        this(stage, model, attempt, 0);
    }
}
