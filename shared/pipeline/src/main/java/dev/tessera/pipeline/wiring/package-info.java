/** How a service gets the pipeline: injectable publishers and readers, the connector of the work queue, readiness. */
@NullMarked
package dev.tessera.pipeline.wiring;

import org.jspecify.annotations.NullMarked;
