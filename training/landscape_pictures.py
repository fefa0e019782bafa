"""Landscapes as pictures and as token grids to train on."""

from __future__ import annotations

import random

import numpy as np
import torch
from torch import Tensor

from .landscapes import CELL, ROWS, LandscapePainter, LandscapeSampler
from .scenes import to_batch
from .vq import ImageTokenizer, VqSettings

NETWORK = VqSettings(channels=16, multipliers=(1, 2, 4, 4), z_channels=64, encoder_blocks=1, decoder_blocks=2, plain=True, groups=4)
"""f8 without attention, so that a picture of any width costs no more for each of its pixels."""


class LandscapePictures:
    """An endless source of pictures [B, 3, 128, 8 · columns], cut out of wider landscapes."""

    def __init__(self, seed: int, columns: int = 8) -> None:
        self._rng, self._columns, self._painter = random.Random(seed), columns, LandscapePainter()
        self._sampler = LandscapeSampler(self._rng)

    def take(self, count: int, scale: int = 1) -> Tensor:
        """The next ``count`` pictures, in true size only."""
        if scale != 1:
            raise ValueError("landscapes have one size")
        return to_batch([self._cut() for _ in range(count)])

    def _cut(self) -> np.ndarray:
        whole = self._painter.paint(self._sampler.sample(2 * self._columns))
        left = CELL * self._rng.randint(0, self._columns)
        return np.ascontiguousarray(whole[:, left:left + CELL * self._columns])


@torch.no_grad()
def encode_landscapes(vq: ImageTokenizer, count: int, columns: int, seed: int) -> tuple[Tensor, Tensor]:
    """Kinds [N] and token grids [N, 16, columns] of whole landscapes."""
    rng, painter = random.Random(seed), LandscapePainter()
    sampler = LandscapeSampler(rng)
    kinds, grids = [], []
    for _ in range(count):
        landscape = sampler.sample(columns)
        kinds.append(landscape.kind)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            grids.append(vq.encode(to_batch([painter.paint(landscape)])).view(ROWS, columns))
    return torch.tensor(kinds), torch.stack(grids).to(torch.int16)
