/**
 * Tiny models of random weights, imported from the checkpoints that the importer's own tests read, and what services tell
 * when they work with them.
 */
@NullMarked
package dev.tessera.testmodels;

import org.jspecify.annotations.NullMarked;
