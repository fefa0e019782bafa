/**
 * Masked decoding (MaskGIT, Muse, aMUSEd), for the base grid and for super-resolution. {@link
 * dev.tessera.generation.masked.MaskedModel} is the network under it, {@link
 * dev.tessera.generation.masked.UnmaskingPlan} says how many cells each step fixes.
 */
@NullMarked
package dev.tessera.generation.masked;

import org.jspecify.annotations.NullMarked;
