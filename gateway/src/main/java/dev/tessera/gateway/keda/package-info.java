/**
 * The pools as KEDA wants them: its external scaler protocol over gRPC, on a port of its own. The only package that
 * knows gRPC.
 */
@NullMarked
package dev.tessera.gateway.keda;

import org.jspecify.annotations.NullMarked;
