"""Writes a tiny image decoder into this folder. Needs the Python package onnx; run it from anywhere.

image-decoder.onnx  tokens int64 [1, 2, 3] -> pixels float [1, 3, 4, 6]: each token is a square of 2 x 2 pixels in the
                    colour (red, green, blue) of its id: 0 (-1, -1, -1), 1 (1, 1, 1), 2 (1, -1, 0), 3 (0.5, 2, -2)
"""

from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent
table = numpy.array([[-1, -1, -1], [1, 1, 1], [1, -1, 0], [0.5, 2, -2]], dtype=numpy.float32)
graph = helper.make_graph(
    [
        helper.make_node("Gather", ["table", "tokens"], ["rows"]),
        helper.make_node("Transpose", ["rows"], ["squares"], perm=[0, 3, 1, 2]),
        helper.make_node(
            "Resize",
            ["squares", "", "scales"],
            ["pixels"],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        ),
    ],
    "image-decoder",
    [helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, 2, 3])],
    [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, [1, 3, 4, 6])],
    [
        numpy_helper.from_array(table, "table"),
        numpy_helper.from_array(numpy.array([1, 1, 2, 2], dtype=numpy.float32), "scales"),
    ],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10, producer_name="tessera")
(FOLDER / "image-decoder.onnx").write_bytes(model.SerializeToString(deterministic=True))
