"""The models that make_var_fixtures.py left in a folder."""

import json

import torch
from reference_var import ImageTokenizer, Transformer

CLASSES = 10
SHAPES = {
    "plain": {"heads": 4},
    "shared": {"heads": 2, "shared": True},
    "unscaled": {"heads": 1, "unit": False},
}
WIDTHS = {"plain": [32, 32, 32], "shared": [32, 32], "unscaled": [32, 32]}


def scales_of(directory):
    return json.loads((directory / "expected.json").read_text())["scales"]


def tokenizer_of(directory, scales):
    state = {name: tensor.float() for name, tensor in torch.load(directory / "vae.pth").items()}
    codes, dimensions = state["quantize.embedding.weight"].shape
    tokenizer = ImageTokenizer(WIDTHS[directory.name], codes, dimensions, scales)
    tokenizer.load_state_dict(state)
    return tokenizer


def transformer_of(directory, scales, tokenizer):
    codes, dimensions = tokenizer.quantize.embedding.weight.shape
    state = {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in torch.load(directory / "var.pth").items()}
    shape = {"width": 64, "layers": 2, "codes": codes, "dimensions": dimensions, "classes": CLASSES, "scales": scales}
    transformer = Transformer(**shape, **SHAPES[directory.name])
    missing = transformer.load_state_dict(state, strict=False)
    assert set(missing.missing_keys) <= {"attn_bias_for_masking"} and not missing.unexpected_keys
    return transformer


def kept(stays, side):
    """Which cells of a scale's grid stay, where stays [P, P] of ones and zeros is the finest one's: [side * side]."""
    share = torch.nn.functional.interpolate(stays[None, None].float(), size=(side, side), mode="bilinear", align_corners=False).flatten()
    return share > 0.5 if side * side > 3 else torch.ones(1, dtype=torch.bool)
