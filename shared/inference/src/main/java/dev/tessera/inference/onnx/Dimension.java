package dev.tessera.inference.onnx;

/** One dimension of an input or output, as the code expects it. */
public sealed interface Dimension {
    /** A size that the graph's weights fix. */
    static Dimension fixed(long size) {
        return new Fixed(size);
    }

    /** A size that may differ from run to run, and is the same wherever the symbol stands in one run. */
    static Dimension free(String symbol) {
        return new Free(symbol);
    }

    /** See {@link #fixed}. */
    record Fixed(long size) implements Dimension {
        public Fixed {
            if (size < 1) {
                throw new IllegalArgumentException("a fixed dimension is at least 1, not " + size);
            }
        }

        @Override
        public String toString() {
            return Long.toString(size);
        }
    }

    /** See {@link #free}. */
    record Free(String symbol) implements Dimension {
        @Override
        public String toString() {
            return symbol;
        }
    }
}
