/** What every model family shares: token grids, random numbers, sampling. */
@NullMarked
package dev.tessera.inference;

import org.jspecify.annotations.NullMarked;
