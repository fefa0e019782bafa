/**
 * ONNX Runtime behind a small seam; with the services' own onnx packages the only code that may import it.
 *
 * <p>{@link dev.tessera.inference.onnx.OnnxGraph} is an opened graph whose signature was checked.
 * {@link dev.tessera.inference.onnx.TensorMemory} owns the tensors a graph reads and writes in place.
 * {@link dev.tessera.inference.onnx.ResidentMemory} keeps what stays on the device that computes.
 * {@link dev.tessera.inference.onnx.Binding} ties them together for any number of runs.
 */
@NullMarked
package dev.tessera.inference.onnx;

import org.jspecify.annotations.NullMarked;
