"""Writes a tiny text encoder into this folder. Needs the Python package onnx; run it from anywhere.

text-encoder.onnx  ids int64 [1, S] -> states float [1, S, 4]; the state of id i is [i, i + 0.25, -i, 1 / (i + 1)]
tokenizer.json     words of the vocabulary below, lower-cased, then </s>; it asks for padding and for truncation to
                   3 tokens, which the code must overrule
"""

import json
from pathlib import Path

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = Path(__file__).parent
WORDS = ["<pad>", "</s>", "<unk>", "a", "slice", "of", "pizza", "red", "heart", "\U0001f355"]

count = numpy.arange(len(WORDS), dtype=numpy.float32)
table = numpy.stack([count, count + 0.25, -count, 1 / (count + 1)], axis=1).astype(numpy.float32)
graph = helper.make_graph(
    [helper.make_node("Gather", ["table", "ids"], ["states"])],
    "text-encoder",
    [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "S"])],
    [helper.make_tensor_value_info("states", TensorProto.FLOAT, [1, "S", 4])],
    [numpy_helper.from_array(table, "table")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10, producer_name="tessera")
(FOLDER / "text-encoder.onnx").write_bytes(model.SerializeToString(deterministic=True))

special = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
tokenizer = {
    "version": "1.0",
    "truncation": {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0},
    "padding": {
        "strategy": {"Fixed": 6},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_type_id": 0,
        "pad_token": "<pad>",
    },
    "added_tokens": [{"id": i, "content": WORDS[i], **special} for i in range(3)],
    "normalizer": {"type": "Lowercase"},
    "pre_tokenizer": {"type": "WhitespaceSplit"},
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
        "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
        "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}},
    },
    "decoder": None,
    "model": {"type": "WordLevel", "vocab": {word: i for i, word in enumerate(WORDS)}, "unk_token": "<unk>"},
}
(FOLDER / "tokenizer.json").write_text(json.dumps(tokenizer, indent=2) + "\n")
