/** Generators that go away while they work: what is finished all the same, and what it costs. */
@NullMarked
package dev.tessera.benchmarks.drain;

import org.jspecify.annotations.NullMarked;
