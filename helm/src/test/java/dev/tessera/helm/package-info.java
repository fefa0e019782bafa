/** The chart under test: rendered by Helm itself, read by the types of the Kubernetes API. */
@NullMarked
package dev.tessera.helm;

import org.jspecify.annotations.NullMarked;
