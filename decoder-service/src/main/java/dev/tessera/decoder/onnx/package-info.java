/** The image decoder on ONNX Runtime. */
@NullMarked
package dev.tessera.decoder.onnx;

import org.jspecify.annotations.NullMarked;
