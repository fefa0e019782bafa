"""Writes a trained run of ``landscape-gpt`` as taming-transformers does: a Lightning checkpoint and the project's yaml."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from .image_tokenizer import load_image_tokenizer
from .vq import VqSettings
from .vqgan import as_vqgan
from .window_gpt import WindowSettings
from .window_training import load_windows

CHECKPOINT, PROJECT = "last.ckpt", "project.yaml"


def export_taming(run: Path, images: VqSettings, network: WindowSettings, classes: int, folder: Path) -> None:
    """Replaces ``folder`` as a whole."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    transformer = load_windows(run, network).state_dict()
    state = {f"transformer.{name}": value for name, value in transformer.items()}
    state |= {f"first_stage_model.{name}": value for name, value in first_stage(run, images).items()}
    torch.save({"state_dict": state, "global_step": torch.load(run / "gpt.pt", weights_only=True)["step"]}, fresh / CHECKPOINT)
    # JSON is YAML, and needs no further package.
    (fresh / PROJECT).write_text(json.dumps(_project(images, network, classes), indent=2) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def first_stage(run: Path, settings: VqSettings) -> dict[str, Tensor]:
    """The VQGAN. Its codes are of unit length, so the code at the least distance is that of the largest cosine."""
    state = load_image_tokenizer(run, settings).state_dict()
    vqgan = as_vqgan(state, settings, fused=False)
    vqgan["quantize.embedding.weight"] = F.normalize(state["quantize.embedding.weight"], dim=-1)
    for part in ("quant_conv", "post_quant_conv"):
        vqgan |= {f"{part}.{kind}": state[f"{part}.{kind}"] for kind in ("weight", "bias")}
    return vqgan


def _project(images: VqSettings, network: WindowSettings, classes: int) -> dict[str, object]:
    window = network.side * images.stride
    layers = {"double_z": False, "z_channels": images.z_channels, "resolution": window, "in_channels": 3, "out_ch": 3,
              "ch": images.channels, "ch_mult": list(images.multipliers), "num_res_blocks": images.encoder_blocks,
              "attn_resolutions": [], "dropout": 0.0}
    first = {"target": "taming.models.vqgan.VQModel",
             "params": {"embed_dim": images.codebook_width, "n_embed": images.codebook_size, "ddconfig": layers}}
    gpt = {"target": "taming.modules.transformer.mingpt.GPT",
           "params": {"vocab_size": network.vocabulary, "block_size": network.tokens, "n_layer": network.layers,
                      "n_head": network.heads, "n_embd": network.width}}
    labels = {"target": "taming.modules.util.Labelator", "params": {"n_classes": classes}}
    return {"model": {"target": "taming.models.cond_transformer.Net2NetTransformer",
                      "params": {"first_stage_key": "image", "cond_stage_key": "class_label", "transformer_config": gpt,
                                 "first_stage_config": first, "cond_stage_config": labels}}}
