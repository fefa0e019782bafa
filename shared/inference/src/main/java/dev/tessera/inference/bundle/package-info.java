/** Model bundles: a folder with a manifest and the ONNX files it vouches for. */
@NullMarked
package dev.tessera.inference.bundle;

import org.jspecify.annotations.NullMarked;
