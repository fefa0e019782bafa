"""What a masked transformer is shown in training: grids with open cells, and some wrong tokens in the others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .misleading import mislead


@dataclass(frozen=True)
class Masking:
    """How grids are covered.

    In ``empty_share`` of the rows every cell is open, since the first steps decide what is drawn; in the others the share
    of open cells is cos(π/2 · u) with u uniform (MaskGIT, section 3.1). In ``misled_share`` of the rows some of the shown
    tokens are wrong: what a model draws itself is not without mistakes, and the caption tells the way back.
    """

    empty_share: float = 0.35
    misled_share: float = 0.3

    def open_cells(self, rows: int, cells: int) -> Tensor:
        """[B, S]: which cells are open, at least one in each row."""
        shares = torch.cos(math.pi / 2 * torch.rand(rows, 1))
        shares[torch.rand(rows, 1) < self.empty_share] = 1.0
        order = torch.rand(rows, cells).argsort(dim=1)
        return order < (shares * cells).ceil()

    def shown(self, tokens: Tensor, open_cells: Tensor, mask: int) -> Tensor:
        """[B, S]: what stands in the cells of true grids [B, S]."""
        return mislead(tokens, self.misled_share).masked_fill(open_cells, mask)
