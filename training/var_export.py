"""Writes a trained run of ``emoji-var`` as VAR's two files: plain state dicts of the transformer and of the image tokenizer."""

from __future__ import annotations

import shutil
from pathlib import Path

import torch
from torch import Tensor

from .image_tokenizer import load_image_tokenizer
from .var import VarSettings
from .var_training import load_quantizer, load_var
from .vqgan import as_vqgan, centred_kernel


def export_var(run: Path, network: VarSettings, folder: Path) -> None:
    """Replaces ``folder`` as a whole."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    torch.save(load_var(run, network).state_dict(), fresh / transformer_file(network))
    torch.save(image_decoder(run, network), fresh / vae_file(network))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def transformer_file(network: VarSettings) -> str:
    """As the published files are called."""
    return f"var_d{network.depth}.pth"


def vae_file(network: VarSettings) -> str:
    """As the published file is called, less its channels."""
    return f"vae_v{network.codes}z{network.dimensions}.pth"


def image_decoder(run: Path, network: VarSettings) -> dict[str, Tensor]:
    """Codebook, φ and decoder. There is no encoder: that of the layout would have to be taught the latents first."""
    images = load_image_tokenizer(run)
    state = images.state_dict()
    vae = {name: value for name, value in as_vqgan(state, images.settings, fused=True).items() if name.startswith("decoder.")}
    vae |= {f"quantize.{name}": value for name, value in load_quantizer(run, network).state_dict().items()}
    vae["post_quant_conv.weight"] = centred_kernel(state["post_quant_conv.weight"])
    vae["post_quant_conv.bias"] = state["post_quant_conv.bias"]
    return vae
