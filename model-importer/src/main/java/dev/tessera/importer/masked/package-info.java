/** Masked models' networks as ONNX graphs: CLIP's text tower, the transformer over masked grids, its conditions, the image tokenizer. */
@NullMarked
package dev.tessera.importer.masked;

import org.jspecify.annotations.NullMarked;
