/** VQGAN + GPT's networks as ONNX graphs: the transformer of a window, the image tokenizer, the encoder of a condition map. */
@NullMarked
package dev.tessera.importer.windowed;

import org.jspecify.annotations.NullMarked;
