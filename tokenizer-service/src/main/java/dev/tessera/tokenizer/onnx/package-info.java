/** The text encoder on ONNX Runtime, with its tokenizer. */
@NullMarked
package dev.tessera.tokenizer.onnx;

import org.jspecify.annotations.NullMarked;
