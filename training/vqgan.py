"""The plain image tokenizer in the layout of taming-transformers' VQGAN, which VAR took over, tensor names included."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from .vq import VqSettings


def as_vqgan(state: dict[str, Tensor], settings: VqSettings, fused: bool) -> dict[str, Tensor]:
    """Encoder and decoder of a plain image tokenizer under the layout's names.

    Levels of the decoder count from the highest resolution there, from the lowest here. In the layout attention is in the
    middle; one whose projection is zero adds nothing. ``fused``: whether query, key and value are one convolution, as in VAR.
    """
    last = len(settings.multipliers) - 1
    renamed = {_renamed(name, last): value for name, value in state.items() if name.startswith(("encoder.", "decoder."))}
    for side in ("encoder", "decoder"):
        channels = len(renamed[f"{side}.mid.block_1.norm1.weight"])
        renamed.update(_no_attention(f"{side}.mid.attn_1", channels, fused))
    return {name: value.contiguous() for name, value in renamed.items()}


def _renamed(name: str, last: int) -> str:
    name = re.sub(r"^encoder\.conv_blocks\.(\d+)\.res\.", r"encoder.down.\1.block.", name)
    name = re.sub(r"^encoder\.conv_blocks\.(\d+)\.", r"encoder.down.\1.", name)
    name = re.sub(r"^decoder\.conv_blocks\.(\d+)\.res\.", lambda level: f"decoder.up.{last - int(level[1])}.block.", name)
    name = re.sub(r"^decoder\.conv_blocks\.(\d+)\.", lambda level: f"decoder.up.{last - int(level[1])}.", name)
    return name.replace(".mid.0.", ".mid.block_1.").replace(".mid.2.", ".mid.block_2.")


def _no_attention(name: str, channels: int, fused: bool) -> dict[str, Tensor]:
    outputs = {"qkv": 3 * channels} if fused else dict.fromkeys(("q", "k", "v"), channels)
    tensors = {f"{name}.norm.weight": torch.ones(channels), f"{name}.norm.bias": torch.zeros(channels)}
    for part, count in {**outputs, "proj_out": channels}.items():
        tensors[f"{name}.{part}.weight"], tensors[f"{name}.{part}.bias"] = torch.zeros(count, channels, 1, 1), torch.zeros(count)
    return tensors


def centred_kernel(weight: Tensor) -> Tensor:
    """A 1×1 convolution as a 3×3 one."""
    return torch.nn.functional.pad(weight, (1, 1, 1, 1))
