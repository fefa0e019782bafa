/**
 * ONNX models written op by op: a graph builder with named nodes, the products with constant matrices that networks are
 * made of, and a writer of the ONNX protobuf format with weights in an external data file.
 */
@NullMarked
package dev.tessera.importer.graph;

import org.jspecify.annotations.NullMarked;
