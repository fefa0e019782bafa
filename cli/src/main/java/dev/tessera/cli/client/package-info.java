/** A client of the gateway's HTTP API. */
@NullMarked
package dev.tessera.cli.client;

import org.jspecify.annotations.NullMarked;
