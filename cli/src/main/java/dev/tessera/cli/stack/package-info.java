/**
 * The local stack: a real broker, a real S3 server and the services as child JVMs. {@link LocalStack} is the way in, for
 * the command line and for tests; everything it leaves on disk is under one home directory.
 */
@NullMarked
package dev.tessera.cli.stack;

import org.jspecify.annotations.NullMarked;
