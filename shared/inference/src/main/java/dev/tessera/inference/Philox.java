package dev.tessera.inference;

/**
 * The counter-based generator Philox4x32-10: a keyed bijection on 128-bit counters, so that any number of a sequence
 * can be computed without the ones before it. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", SC 2011, section 4.3.
 *
 * <p>Pure functions of 32-bit words; they allocate nothing and may be used by any number of threads.
 */
public final class Philox {
    private static final int ROUNDS = 10;
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final long WORD = 0xFFFFFFFFL;

    private Philox() {}

    /**
     * One of the four output words of a block.
     *
     * @param word which, 0 to 3
     * @param key the key words, the first in the low half
     * @param counter0 the first of the four counter words
     */
    public static int word(int word, long key, int counter0, int counter1, int counter2, int counter3) {
        int c0 = counter0;
        int c1 = counter1;
        int c2 = counter2;
        int c3 = counter3;
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & WORD);
            long product1 = MULTIPLIER_1 * (c2 & WORD);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return switch (word) {
            case 0 -> c0;
            case 1 -> c1;
            case 2 -> c2;
            case 3 -> c3;
            default -> throw new IllegalArgumentException("word " + word + " of a block of four");
        };
    }
}
