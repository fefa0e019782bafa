/** Conditioning comes in, the grid of base-resolution tokens goes out. */
@NullMarked
package dev.tessera.generator;

import org.jspecify.annotations.NullMarked;
