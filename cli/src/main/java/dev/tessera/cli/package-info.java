/** The tessera command. */
@NullMarked
package dev.tessera.cli;

import org.jspecify.annotations.NullMarked;
