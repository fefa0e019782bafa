/**
 * HTTP in, jobs out. A request becomes a {@code JobAccepted} event; every replica folds the events of all jobs into
 * views and answers from them; one consumer group over all replicas turns accepted jobs into work and finished ones
 * into records in the bucket.
 */
@NullMarked
package dev.tessera.gateway;

import org.jspecify.annotations.NullMarked;
