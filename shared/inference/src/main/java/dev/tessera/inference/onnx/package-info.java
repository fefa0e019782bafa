/** ONNX Runtime behind a small seam; with the services' own onnx packages the only code that may import it. */
@NullMarked
package dev.tessera.inference.onnx;

import org.jspecify.annotations.NullMarked;
