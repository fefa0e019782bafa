/**
 * Conditioning comes in, the grid of base-resolution tokens goes out.
 *
 * <p>Read in this order: {@link dev.tessera.generator.GeneratorWorker} knows the work queue,
 * {@link dev.tessera.generator.TokenGenerator} is what it calls, {@link dev.tessera.generator.NextTokenGenerator} makes
 * images in flight share a batch, {@link dev.tessera.generator.DecodingBatch} is that batch, and
 * {@link dev.tessera.generator.NextTokenModel} the network under it. All but the worker and its beans are free of Kafka
 * and of dependency injection.
 */
@NullMarked
package dev.tessera.generator;

import org.jspecify.annotations.NullMarked;
