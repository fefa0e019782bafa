/** Tiny models of random weights, imported from the checkpoints that the importer's own tests read. */
@NullMarked
package dev.tessera.testmodels;

import org.jspecify.annotations.NullMarked;
