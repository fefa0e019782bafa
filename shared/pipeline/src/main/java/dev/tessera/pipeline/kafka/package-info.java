/** The work queue over Kafka share groups; the only package that imports the Kafka client. */
@NullMarked
package dev.tessera.pipeline.kafka;

import org.jspecify.annotations.NullMarked;
