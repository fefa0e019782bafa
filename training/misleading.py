"""Wrong tokens in what the transformer is fed, so that it has to read the caption to predict the next one."""

from __future__ import annotations

import torch
from torch import Tensor


def mislead(tokens: Tensor, share: float) -> Tensor:
    """Replaces tokens in a share of the rows [B, S] by those of other rows at the same cells.

    In half of these rows they are strewn, a random part of all cells. In the others they are one run of one other row:
    so looks what the model itself draws after a wrong decision, and the caption tells the way back.
    """
    kind = torch.rand(len(tokens), 1) / share
    strewn = torch.rand(tokens.shape) < torch.rand(len(tokens), 1)
    misled = torch.where((kind < 0.5) & strewn, tokens.gather(0, torch.randint(len(tokens), tokens.shape)), tokens)
    return torch.where((kind >= 0.5) & (kind < 1) & _runs(tokens), tokens.roll(1, dims=0), misled)


def _runs(tokens: Tensor) -> Tensor:
    """One run of cells in each row [B, S], short ones and early ones more often."""
    rows, cells = tokens.shape
    start, length = torch.rand(2, rows, 1) ** 2 * cells
    place = torch.arange(cells)
    return (place >= start) & (place < start + length)
