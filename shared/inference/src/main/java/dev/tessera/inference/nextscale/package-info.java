/** What the services of a next-scale model have in common: the latent picture that grows scale by scale. */
@NullMarked
package dev.tessera.inference.nextscale;

import org.jspecify.annotations.NullMarked;
