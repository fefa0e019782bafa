package dev.tessera.inference.bundle;

/** Bounds that numbers of a manifest must keep; the errors name the key. */
final class Numbers {
    private Numbers() {}

    static void requireAtLeastZero(String key, int value) {
        if (value < 0) {
            throw new IllegalArgumentException(key + " is " + value + ", it must be at least 0");
        }
    }

    static void requirePositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(key + " is " + value + ", it must be at least 1");
        }
    }
}
