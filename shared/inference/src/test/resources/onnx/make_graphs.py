"""Writes the tiny graphs of the onnx tests into this folder. Needs the Python package onnx; run it from anywhere.

scaled.onnx     values float [B, 2], factor float [1] -> scaled float [B, 2] = values * factor, rows int64 [2] = shape
attention.onnx  one GroupQueryAttention over a key/value buffer that is both past and present: qkv float [B, S, 24],
                seqlens_k int32 [B], total_length int32 [1], past_key/past_value float [B, 1, slots, 8]
                -> attended float [B, S, 8], present_key/present_value float [B, 1, slots, 8]

and copy.onnx, from float [n] -> to float [n], which is no test's: memory of a device is filled and copied with it.
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

FLOAT, INT32, INT64 = TensorProto.FLOAT, TensorProto.INT32, TensorProto.INT64
FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parents[2] / "main/resources/dev/tessera/inference/onnx"


def port(name, kind, *shape):
    return helper.make_tensor_value_info(name, kind, list(shape))


def save(name, nodes, inputs, outputs, folder=FOLDER):
    graph = helper.make_graph(nodes, name, inputs, outputs)
    imports = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=imports, ir_version=10, producer_name="tessera")
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


save(
    "scaled",
    [
        helper.make_node("Mul", ["values", "factor"], ["scaled"]),
        helper.make_node("Shape", ["values"], ["rows"]),
    ],
    [port("values", FLOAT, "B", 2), port("factor", FLOAT, 1)],
    [port("scaled", FLOAT, "B", 2), port("rows", INT64, 2)],
)

CACHE = ("B", 1, "slots", 8)
save(
    "attention",
    [
        helper.make_node(
            "GroupQueryAttention",
            ["qkv", "", "", "past_key", "past_value", "seqlens_k", "total_length"],
            ["attended", "present_key", "present_value"],
            domain="com.microsoft",
            num_heads=1,
            kv_num_heads=1,
        )
    ],
    [
        port("qkv", FLOAT, "B", "S", 24),
        port("seqlens_k", INT32, "B"),
        port("total_length", INT32, 1),
        port("past_key", FLOAT, *CACHE),
        port("past_value", FLOAT, *CACHE),
    ],
    [port("attended", FLOAT, "B", "S", 8), port("present_key", FLOAT, *CACHE), port("present_value", FLOAT, *CACHE)],
)

PACKAGE.mkdir(parents=True, exist_ok=True)
save("copy", [helper.make_node("Identity", ["from"], ["to"])], [port("from", FLOAT, "n")], [port("to", FLOAT, "n")], PACKAGE)
