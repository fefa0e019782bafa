/** The bucket: finished images, job records and payloads too large for the log. */
@NullMarked
package dev.tessera.objectstore;

import org.jspecify.annotations.NullMarked;
