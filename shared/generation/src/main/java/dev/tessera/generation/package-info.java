/**
 * What the stages that make tokens have in common.
 *
 * <p>Read in this order: {@link dev.tessera.generation.TokenGenerator} is what a worker calls with a
 * {@link dev.tessera.generation.GenerationRequest}, {@link dev.tessera.generation.GenerationLoop} lets images in flight
 * share a network, {@link dev.tessera.generation.ImageBatch} is what a family has to be for that, and
 * {@link dev.tessera.generation.Canvas} is what an image may begin with.
 */
@NullMarked
package dev.tessera.generation;

import org.jspecify.annotations.NullMarked;
