/** Official checkpoints in, verified ONNX bundles out. */
@NullMarked
package dev.tessera.importer;

import org.jspecify.annotations.NullMarked;
