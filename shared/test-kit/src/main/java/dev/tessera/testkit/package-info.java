/** A real broker and a real S3 server for tests, with fakes and assertions. */
@NullMarked
package dev.tessera.testkit;

import org.jspecify.annotations.NullMarked;
