package dev.tessera.generator;

import java.util.Arrays;

/** Successive tokens of a sequence, from a position on. Immutable. */
public final class SequencePart {
    private final int first;
    private final int[] ids;

    /** @param first position of the first token, which is how many come before */
    public SequencePart(int first, int[] ids) {
        if (first < 0 || ids.length == 0) {
            throw new IllegalArgumentException(ids.length + " tokens from position " + first + " are no part");
        }
        this.first = first;
        this.ids = ids.clone();
    }

    public int first() {
        return first;
    }

    /** Number of tokens, at least one. */
    public int length() {
        return ids.length;
    }

    /** Position after the last token. */
    public int end() {
        return first + ids.length;
    }

    /** The token at a place of this part, from 0. */
    public int id(int place) {
        return ids[place];
    }

    /** Whether another part begins at the same position with the same tokens, so many of them. */
    boolean beginsLike(SequencePart other, int count) {
        return first == other.first
                && count <= Math.min(ids.length, other.ids.length)
                && Arrays.equals(ids, 0, count, other.ids, 0, count);
    }

    /** What is left without the first tokens. */
    SequencePart without(int count) {
        return new SequencePart(first + count, Arrays.copyOfRange(ids, count, ids.length));
    }

    /** Sorts parts of one length and like beginnings next to each other. */
    int beginning(int count) {
        int hash = ids.length;
        for (int i = 0; i < Math.min(count, ids.length); i++) {
            hash = 31 * hash + ids[i];
        }
        return hash;
    }

    @Override
    public String toString() {
        return "SequencePart[" + first + ": " + Arrays.toString(ids) + "]";
    }
}
