"""Writes the tiny graphs of the tests into this folder. Needs the Python package onnx; run it from anywhere.

inception.onnx      pictures float [1, 3, height, width] -> pool [1, 2048], spatial [1, 2023], logits [1, 1008]
clip-pictures.onnx  pictures -> embedding [1, 512]
clip-texts.onnx     ids int64 [1, tokens] -> embedding [1, 512]

Each output begins with the means of red, green and blue, or with the smallest, the mean and the largest id; the rest is 0.
"""

from pathlib import Path

from onnx import TensorProto, helper

FOLDER = Path(__file__).parent
PICTURES = helper.make_tensor_value_info("pictures", TensorProto.FLOAT, [1, 3, "height", "width"])
IDS = helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])


def pad(source, name, width):
    """Zeros behind three numbers, up to a width."""
    after = helper.make_tensor(f"{name}-after", TensorProto.INT64, [4], [0, 0, 0, width - 3])
    return after, helper.make_node("Pad", [source, f"{name}-after"], [name])


def save(name, nodes, port, widths, constants=()):
    pads = [pad("three", output, width) for output, width in widths.items()]
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, [1, width]) for output, width in widths.items()]
    graph = helper.make_graph([*nodes, *(node for _, node in pads)], name, [port], outputs,
                              [*constants, *(constant for constant, _ in pads)])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10, producer_name="tessera")
    (FOLDER / f"{name}.onnx").write_bytes(model.SerializeToString(deterministic=True))


PLACES = helper.make_tensor("places", TensorProto.INT64, [2], [2, 3])
MEANS = [helper.make_node("ReduceMean", ["pictures", "places"], ["three"], keepdims=0)]
save("inception", MEANS, PICTURES, {"pool": 2048, "spatial": 2023, "logits": 1008}, [PLACES])
save("clip-pictures", MEANS, PICTURES, {"embedding": 512}, [PLACES])

TOKENS = helper.make_tensor("along", TensorProto.INT64, [1], [1])
save("clip-texts", [
    helper.make_node("Cast", ["ids"], ["numbers"], to=TensorProto.FLOAT),
    *(helper.make_node(f"Reduce{kind}", ["numbers", "along"], [kind], keepdims=1) for kind in ("Min", "Mean", "Max")),
    helper.make_node("Concat", ["Min", "Mean", "Max"], ["three"], axis=1),
], IDS, {"embedding": 512}, [TOKENS])
