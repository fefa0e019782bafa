/** What travels between the stages, and how. */
@NullMarked
package dev.tessera.pipeline;

import org.jspecify.annotations.NullMarked;
