/**
 * Conditioning comes in, the grid of base-resolution tokens goes out.
 *
 * <p>Read in this order: {@link dev.tessera.generator.GeneratorWorker} knows the work queue,
 * {@link dev.tessera.generator.TokenGenerator} is what it calls, {@link dev.tessera.generator.GenerationLoop} lets images
 * in flight share a network, and {@link dev.tessera.generator.Canvas} is what an image may begin with. Of each family there are two parts: {@link dev.tessera.generator.DecodingBatch} and
 * {@link dev.tessera.generator.NextTokenModel}, the network under it; {@link dev.tessera.generator.ScaleBatch} and
 * {@link dev.tessera.generator.NextScaleModel}. All but the worker and its beans are free of Kafka and of dependency
 * injection.
 */
@NullMarked
package dev.tessera.generator;

import org.jspecify.annotations.NullMarked;
