"""Token grids to train Muse's networks on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from .misleading import mislead
from .objects import load_objects
from .pool import TokenPool, encode_scenes
from .scenes import WHITE, Scene, SpriteAtlas
from .vq import ImageTokenizer

SCALE = 2
"""A picture's side after super-resolution, in sides of the base picture."""


class ScenePicker:
    """Picks scenes: in ``centred_share`` of the cases one big object in the middle, often on white."""

    def __init__(self, scenes: Sequence[Scene], centred_share: float = 0.85) -> None:
        self._centred_share = centred_share
        self._centred = [i for i, scene in enumerate(scenes) if scene.is_centred()]
        self._others = [i for i, scene in enumerate(scenes) if not scene.is_centred()]

    def pick(self, count: int, rng: random.Random) -> list[int]:
        """Indices of scenes."""
        return [rng.choice(self._centred if rng.random() < self._centred_share else self._others) for _ in range(count)]


class PoolGrids:
    """Grids of a token pool."""

    def __init__(self, pool: TokenPool) -> None:
        self._scenes, self._tokens = pool.scenes, pool.tokens.to(torch.int16)
        self._picker = ScenePicker(pool.scenes)

    def take(self, count: int, rng: random.Random) -> tuple[list[Scene], Tensor, None]:
        """Scenes with their grids [B, S]."""
        picks = self._picker.pick(count, rng)
        return [self._scenes[i] for i in picks], self._tokens[picks].long(), None


class GridPairs:
    """Scenes with their fine grids [N, 4 S] and their coarse grids [N, S].

    In ``misled_share`` of the samples some coarse tokens are wrong, since a base network makes mistakes.
    """

    def __init__(self, scenes: list[Scene], fine: Tensor, coarse: Tensor, misled_share: float = 0.3) -> None:
        self.scenes, self.fine, self.coarse, self._misled_share = scenes, fine, coarse, misled_share
        self._picker = ScenePicker(scenes)

    def take(self, count: int, rng: random.Random) -> tuple[list[Scene], Tensor, Tensor]:
        """Scenes with their fine grids [B, 4 S] and the coarse ones that the network is given [B, S]."""
        picks = self._picker.pick(count, rng)
        return [self.scenes[i] for i in picks], self.fine[picks].long(), mislead(self.coarse[picks].long(), self._misled_share)

    def save(self, path: Path) -> None:
        """Writes what ``load`` reads."""
        torch.save({"scenes": self.scenes, "fine": self.fine, "coarse": self.coarse}, path)

    @staticmethod
    def load(path: Path) -> GridPairs:
        """Reads pairs of one's own making; the file holds pickled scenes."""
        return GridPairs(**torch.load(path, weights_only=False))


def build_pairs(vq: ImageTokenizer, pool: TokenPool, most: int = 8000) -> GridPairs:
    """The pool's different scenes, of the uncentred ones as many as fit; a centred one on white is there four times."""
    coarse = dict(zip(pool.scenes, pool.tokens))
    centred = [scene for scene in coarse if scene.is_centred()]
    scenes = [*centred, *[scene for scene in coarse if not scene.is_centred()][: max(0, most - len(centred))]]
    fine = encode_scenes(vq, SpriteAtlas(load_objects()), scenes, scale=SCALE).to(torch.int16)
    low = torch.stack([coarse[scene] for scene in scenes]).to(torch.int16)
    repeats = [i for i, scene in enumerate(scenes) for _ in range(4 if scene.is_centred() and scene.ground == WHITE else 1)]
    return GridPairs([scenes[i] for i in repeats], fine[repeats], low[repeats])
