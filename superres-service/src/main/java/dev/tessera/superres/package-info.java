/**
 * The base grid of tokens and the text come in, the high-resolution grid goes out: Muse (arXiv 2301.00704), section 2.5.
 *
 * <p>{@link dev.tessera.superres.SuperResWorker} knows the work queue; what it calls is masked decoding, which the
 * generator has as well, in {@code dev.tessera.generation.masked}.
 */
@NullMarked
package dev.tessera.superres;

import org.jspecify.annotations.NullMarked;
