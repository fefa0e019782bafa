"""The plain image tokenizer as diffusers' ``VQModel``: other names, pictures from 0 to 1, codes as they are looked up."""

from __future__ import annotations

import json
import re
from pathlib import Path

import torch.nn.functional as F
from safetensors.torch import save_file
from torch import Tensor

from .vq import GROUPS, VqSettings

_NAMES = (
    (r"^encoder\.conv_blocks\.(\d+)\.res\.", r"encoder.down_blocks.\1.resnets."),
    (r"^encoder\.conv_blocks\.(\d+)\.downsample\.", r"encoder.down_blocks.\1.downsamplers.0."),
    (r"^decoder\.conv_blocks\.(\d+)\.res\.", r"decoder.up_blocks.\1.resnets."),
    (r"^decoder\.conv_blocks\.(\d+)\.upsample\.", r"decoder.up_blocks.\1.upsamplers.0."),
    (r"\.mid\.0\.", ".mid_block.resnets.0."),
    (r"\.mid\.2\.", ".mid_block.resnets.1."),
    (r"\.norm_out\.", ".conv_norm_out."),
    (r"\.nin_shortcut\.", ".conv_shortcut."),
)


def as_vq_model(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """Renames the tensors of a plain image tokenizer.

    x = 2 p − 1 moves into the convolutions at both ends. The encoder's sees −1 around the picture here and 0 there, which
    are the same black.
    """
    renamed = {_renamed(name): value for name, value in state.items() if not name.startswith("patch_encoder.")}
    weight, bias = renamed["encoder.conv_in.weight"], renamed["encoder.conv_in.bias"]
    renamed["encoder.conv_in.weight"], renamed["encoder.conv_in.bias"] = 2 * weight, bias - weight.sum(dim=(1, 2, 3))
    for part in ("weight", "bias"):
        renamed[f"decoder.conv_out.{part}"] = renamed[f"decoder.conv_out.{part}"] / 2
    renamed["decoder.conv_out.bias"] = renamed["decoder.conv_out.bias"] + 0.5
    renamed["quantize.embedding.weight"] = F.normalize(renamed["quantize.embedding.weight"], dim=-1)
    return {name: value.contiguous() for name, value in renamed.items()}


def _renamed(name: str) -> str:
    for pattern, replacement in _NAMES:
        name = re.sub(pattern, replacement, name)
    return name


def save_vq_model(state: dict[str, Tensor], settings: VqSettings, folder: Path) -> None:
    """Writes ``config.json`` and the weights."""
    folder.mkdir(parents=True)
    widths = [settings.channels * multiplier for multiplier in settings.multipliers]
    config = {"_class_name": "VQModel", "block_out_channels": widths, "latent_channels": settings.z_channels,
              "layers_per_block": settings.encoder_blocks, "mid_block_add_attention": False, "norm_num_groups": GROUPS,
              "num_vq_embeddings": settings.codebook_size, "vq_embed_dim": settings.codebook_width}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    save_file(as_vq_model(state), folder / "diffusion_pytorch_model.safetensors")
