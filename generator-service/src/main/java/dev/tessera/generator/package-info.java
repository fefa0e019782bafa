/**
 * Conditioning comes in, the grid of base-resolution tokens goes out.
 *
 * <p>Read in this order: {@link dev.tessera.generator.GeneratorWorker} knows the work queue,
 * {@link dev.tessera.generator.GeneratorEngines} is what it calls. Of each family there are two parts:
 * {@link dev.tessera.generator.DecodingBatch} and {@link dev.tessera.generator.NextTokenModel}, the network under it;
 * {@link dev.tessera.generator.ScaleBatch} and {@link dev.tessera.generator.NextScaleModel};
 * {@link dev.tessera.generator.WindowBatch} and {@link dev.tessera.generator.WindowModel}. Masked decoding, which
 * super-resolution needs as well, is in {@code dev.tessera.generation.masked}. All but the worker and its beans are free
 * of Kafka and of dependency injection.
 */
@NullMarked
package dev.tessera.generator;

import org.jspecify.annotations.NullMarked;
