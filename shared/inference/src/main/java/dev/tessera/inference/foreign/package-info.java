/**
 * ONNX Runtime's C interface through {@link java.lang.foreign}: what its Java interface leaves out, which is binding a
 * session's inputs and outputs to memory of the device that computes. Thin on purpose: each class is one native object, and
 * {@code dev.tessera.inference.onnx} is the only user.
 */
@NullMarked
package dev.tessera.inference.foreign;

import org.jspecify.annotations.NullMarked;
