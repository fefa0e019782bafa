"""Writes a trained run as official checkpoints: ``gpt.pt`` and ``vq.pt`` as LlamaGen's, ``t5/`` as Hugging Face's."""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from torch import Tensor

from .generator import load_generator
from .gpt import GptSettings
from .log import losses
from .sheet import GUIDANCE, TEMPERATURE, TOP_K
from .t5 import save_t5


def export(run: Path, folder: Path) -> None:
    """Replaces ``folder`` as a whole."""
    model, step = load_generator(run)
    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    arguments = argparse.Namespace(gpt_type="t2i", **vars(GptSettings()))
    torch.save({"model": model.gpt.state_dict(), "steps": step, "args": arguments}, fresh / "gpt.pt")
    torch.save({"model": _published(torch.load(run / "vq.pt", weights_only=True)["model"])}, fresh / "vq.pt")
    save_t5(model.t5, model.tokenizer, fresh / "t5")
    (fresh / "README.txt").write_text(_summary(run, step), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)


def _published(state: dict[str, Tensor]) -> dict[str, Tensor]:
    """What LlamaGen's layout has: the patch encoder was needed to make tokens in training only."""
    return {name: value for name, value in state.items() if not name.startswith("patch_encoder.")}


def _summary(run: Path, step: int) -> str:
    lines = [f"transformer: step {step}, loss {losses(run / 'generator.jsonl')[-1]} nats per token",
             f"image tokenizer: loss {losses(run / 'vq.jsonl')[-1]}",
             f"sampling: guidance {GUIDANCE}, top-k {TOP_K}, temperature {TEMPERATURE}"]
    if (run / "figures.json").exists():
        figures = json.loads((run / "figures.json").read_text(encoding="utf-8"))
        lines.append(f"PSNR {figures['psnr']:.1f} dB, codebook in use {figures['codebook_use']:.0%}, "
                     f"tokens the encoder gets right {figures['encoder_agreement']:.0%}")
    return "\n".join(lines) + "\n"
