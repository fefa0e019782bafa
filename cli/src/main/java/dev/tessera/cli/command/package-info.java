/** The subcommands: each turns its options into one call, and the outcome into text and an exit code. */
@NullMarked
package dev.tessera.cli.command;

import org.jspecify.annotations.NullMarked;
