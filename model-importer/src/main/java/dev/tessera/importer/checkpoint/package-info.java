/**
 * Checkpoints as data: safetensors and PyTorch zip files become named tensors over mapped memory. Nothing in a file is
 * ever run.
 */
@NullMarked
package dev.tessera.importer.checkpoint;

import org.jspecify.annotations.NullMarked;
