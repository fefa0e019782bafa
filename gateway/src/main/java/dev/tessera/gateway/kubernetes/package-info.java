/** The pools as Kubernetes runs them; the only package that speaks to its API. */
@NullMarked
package dev.tessera.gateway.kubernetes;

import org.jspecify.annotations.NullMarked;
