/**
 * Measures of generated pictures: Fréchet distances, inception score, precision and recall, CLIP score. They are pure functions of
 * {@link dev.tessera.evaluation.Features}, which networks of the user's make of pictures and texts; none come along.
 */
@NullMarked
package dev.tessera.evaluation;

import org.jspecify.annotations.NullMarked;
