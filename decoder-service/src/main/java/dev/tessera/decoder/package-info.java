/** A grid of tokens comes in, a PNG goes into the bucket. */
@NullMarked
package dev.tessera.decoder;

import org.jspecify.annotations.NullMarked;
