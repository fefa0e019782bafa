"""Writes a trained run of ``emoji-muse`` as a checkpoint in Tessera's Muse layout (docs/adr/0009)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from .image_tokenizer import load_image_tokenizer
from .muse import MuseSettings
from .muse_training import load_taught_text
from .t5 import save_t5
from .unmasking import Unmasking
from .vq_model import save_vq_model


def export_muse(run: Path, shared: Path, base: MuseSettings, fine: MuseSettings, upscaling: Unmasking, folder: Path) -> None:
    """Replaces ``folder`` as a whole; the text encoder is that of ``shared``."""
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    _save_network(run / "base.pt", {**_settings(base)}, fresh / "transformer")
    _save_network(run / "superres.pt", {**_settings(fine), "num_low_layers": fine.low_layers, "steps": upscaling.steps,
                  "guidance_scale": upscaling.guidance, "temperature": upscaling.temperature}, fresh / "superres")
    images = load_image_tokenizer(run)
    save_vq_model(images.state_dict(), images.settings, fresh / "vqvae")
    t5, tokenizer = load_taught_text(shared)
    save_t5(t5, tokenizer, fresh / "text_encoder")
    (fresh / "tokenizer").mkdir()
    (fresh / "text_encoder" / "tokenizer.json").rename(fresh / "tokenizer" / "tokenizer.json")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _settings(network: MuseSettings) -> dict[str, object]:
    return {"num_attention_heads": network.heads, "text_tokens": network.text_tokens}


def _save_network(weights: Path, config: dict[str, object], folder: Path) -> None:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    state = torch.load(weights, weights_only=True)["model"]
    save_file({name: value.contiguous() for name, value in state.items()}, folder / "model.safetensors")
