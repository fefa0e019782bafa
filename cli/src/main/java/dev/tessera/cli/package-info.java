/**
 * The {@code tessera} command. {@link dev.tessera.cli.Tessera} is the way in; {@code command} has one class for each
 * subcommand, {@code stack} runs the services on this machine, {@code client} speaks to the gateway, {@code render} does it
 * all in one process, {@code terminal} is what a person sees.
 */
@NullMarked
package dev.tessera.cli;

import org.jspecify.annotations.NullMarked;
