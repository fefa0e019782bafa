/** What scaling by seconds of work is worth: pools under simulated load, with one autoscaler beside another. */
@NullMarked
package dev.tessera.benchmarks.scaling;

import org.jspecify.annotations.NullMarked;
