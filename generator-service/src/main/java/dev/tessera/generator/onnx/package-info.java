/** The generator's networks on ONNX Runtime. */
@NullMarked
package dev.tessera.generator.onnx;

import org.jspecify.annotations.NullMarked;
