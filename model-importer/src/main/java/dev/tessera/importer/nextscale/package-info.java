/** VAR's networks as ONNX graphs: the transformer over scales, its class conditions, the residual quantiser, the decoder. */
@NullMarked
package dev.tessera.importer.nextscale;

import org.jspecify.annotations.NullMarked;
