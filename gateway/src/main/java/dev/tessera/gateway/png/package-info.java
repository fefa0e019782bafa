/**
 * Reads PNG files of strangers (W3C PNG, third edition): size first, then chunks and their checksums, and pixels only when
 * it is known how many there are. Memory is bounded by the size that is wanted, whatever a file says of itself.
 */
@NullMarked
package dev.tessera.gateway.png;

import org.jspecify.annotations.NullMarked;
