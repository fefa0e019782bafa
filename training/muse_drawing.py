"""Draws prompts with trained Muse networks: the base grid, and the finer one."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from .muse import Muse
from .muse_training import FrozenText
from .unmasking import Unmasking, fill


@torch.inference_mode()
def draw_grids(model: Muse, text: FrozenText, prompts: Sequence[str], settings: Unmasking, seed: int,
               low: Tensor | None = None, grids: Tensor | None = None) -> Tensor:
    """Token grids [B, S] of prompts, from the coarse grids [B, S'] where the network is the super-resolution one.

    Where there are ``grids`` [B, S], only their open cells are filled.
    """
    if grids is None:
        grids = torch.full((len(prompts), model.settings.cells), model.settings.mask)
    told = model.condition(text.states(prompts), low)
    untold = model.condition(text.states([""] * len(prompts)), low)
    everywhere = torch.ones(2 * len(prompts), model.settings.cells, dtype=torch.bool)

    def logits(tokens: Tensor) -> tuple[Tensor, Tensor]:
        both = model(tokens.repeat(2, 1), torch.cat([told, untold]), everywhere)
        return both.view(2, *tokens.shape, -1).unbind(0)

    return fill(logits, grids, model.settings.mask, settings, seed)
