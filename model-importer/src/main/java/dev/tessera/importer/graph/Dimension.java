package dev.tessera.importer.graph;

/** One axis of a graph's input or output. */
public sealed interface Dimension {
    static Dimension of(long length) {
        return new Fixed(length);
    }

    static Dimension named(String name) {
        return new Named(name);
    }

    record Fixed(long length) implements Dimension {}

    /** A length known only at run time; axes of the same name are equally long. */
    record Named(String name) implements Dimension {}
}
