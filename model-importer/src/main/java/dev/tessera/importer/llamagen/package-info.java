/** LlamaGen's networks as ONNX graphs: the transformer, its embeddings and caption projection, VQ and T5. */
@NullMarked
package dev.tessera.importer.llamagen;

import org.jspecify.annotations.NullMarked;
