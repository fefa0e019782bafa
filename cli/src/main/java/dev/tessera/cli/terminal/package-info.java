/** What a person sees: lines, colours, the progress bar. */
@NullMarked
package dev.tessera.cli.terminal;

import org.jspecify.annotations.NullMarked;
