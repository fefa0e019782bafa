"""Masked parallel decoding (docs/adr/0009): each step proposes all open cells and keeps the most confident ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from .gpt import gumbel_noise


@dataclass(frozen=True)
class Unmasking:
    """How a grid is filled: guidance rises linearly from none, the confidences' noise falls to none."""

    steps: int = 12
    guidance: float = 1.5
    temperature: float = 1.0
    top_k: int = 1024

    def guidance_at(self, step: int) -> float:
        return 1 + (self.guidance - 1) * step / max(1, self.steps - 1)

    def noise_at(self, step: int) -> float:
        return self.temperature * (1 - step / max(1, self.steps - 1))

    def still_open(self, step: int, cells: int, open_now: int) -> int:
        """How many cells are open after a step."""
        if step + 1 == self.steps:
            return 0
        return max(1, min(open_now - 1, int(cells * math.cos(math.pi / 2 * (step + 1) / self.steps))))


@torch.inference_mode()
def fill(logits: Callable[[Tensor], tuple[Tensor, Tensor]], grids: Tensor, mask: int, settings: Unmasking, seed: int) -> Tensor:
    """``grids`` [B, S] with their open cells, as many in each, filled. ``logits`` gives [B, S, V] with and without the prompt.

    All rows draw with the same noise, so that a picture does not depend on its neighbours in the batch.
    """
    tokens = grids.clone()
    for step in range(settings.steps):
        open_now = int((tokens[0] == mask).sum())
        if open_now == 0:
            break
        still_open = settings.still_open(step, tokens.shape[1], open_now)
        told, untold = (part.float() for part in logits(tokens))
        guided = untold + settings.guidance_at(step) * (told - untold)
        drawn, confidence = _propose(guided, settings, seed * 1000 + step, settings.noise_at(step))
        confidence = confidence.masked_fill(tokens != mask, torch.inf)
        tokens = torch.where(tokens == mask, drawn, tokens)
        tokens.scatter_(1, confidence.argsort(dim=1)[:, :still_open], mask)
    return tokens


def _propose(logits: Tensor, settings: Unmasking, seed: int, noise_scale: float) -> tuple[Tensor, Tensor]:
    """A draw for each cell [B, S], with how confident it is [B, S]."""
    if settings.top_k == 1:
        best = logits.log_softmax(-1).max(-1)
        return best.indices, best.values
    cells, codes = logits.shape[1:]
    kth = logits.topk(min(settings.top_k, codes)).values[..., -1:]
    noise = gumbel_noise(cells, codes + 1, seed)
    drawn = (logits.masked_fill(logits < kth, -torch.inf) + noise[:, :codes]).argmax(-1)
    known = logits.log_softmax(-1).gather(-1, drawn[..., None])[..., 0]
    return drawn, known + noise_scale * noise[:, codes]
