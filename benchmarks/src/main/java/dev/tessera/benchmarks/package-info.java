/** What Tessera costs, measured beside its peers in one run. */
@NullMarked
package dev.tessera.benchmarks;

import org.jspecify.annotations.NullMarked;
