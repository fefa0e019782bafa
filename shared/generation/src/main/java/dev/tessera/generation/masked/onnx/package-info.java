/** Masked networks on ONNX Runtime. */
@NullMarked
package dev.tessera.generation.masked.onnx;

import org.jspecify.annotations.NullMarked;
