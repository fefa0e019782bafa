"""The token pool: scenes that were turned into tokens once, for all later steps."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .objects import load_objects
from .scenes import COLOURS, GROUNDS, WHITE, Scene, SceneSampler, SpriteAtlas, centred, to_batch
from .vq import ImageTokenizer

CENTRED_SHARE = 0.7
WHITE_WEIGHT, SCENERY_WEIGHT = 8.0, 2.0
"""White, which a caption need not name, and a scenery come so many times as often as another colour."""


@dataclass(frozen=True)
class TokenPool:
    """Scenes with their token grids [N, S]; a scene that should be seen often is there often."""

    scenes: list[Scene]
    tokens: Tensor

    def save(self, path: Path) -> None:
        """Writes what ``load`` reads."""
        torch.save({"scenes": self.scenes, "tokens": self.tokens}, path)

    @staticmethod
    def load(path: Path) -> TokenPool:
        """Reads a pool of one's own making; the file holds pickled scenes."""
        return TokenPool(**torch.load(path, weights_only=False))


def build_pool(vq: ImageTokenizer, random_scenes: int, seed: int = 7) -> TokenPool:
    """One big centred object of each kind on each ground where it may be shown, and random other scenes.

    The centred scenes are repeated until they are ``CENTRED_SHARE`` of the pool.
    """
    objects, rng = load_objects(), random.Random(seed)
    sampler = SceneSampler(len(objects), rng)
    others: list[Scene] = []
    while len(others) < random_scenes:
        scene = sampler.sample()
        if not scene.is_centred():
            others.append(scene)
    every = [centred(i, ground) for i in range(len(objects)) for ground in range(len(GROUNDS))]
    every = [scene for scene in every if not scene.is_held_out()]
    weights = [_weight(scene) for scene in every]
    repeats = rng.choices(range(len(every)), weights, k=int(len(others) * CENTRED_SHARE / (1 - CENTRED_SHARE)))
    scenes = [*every, *others]
    order = [*repeats, *range(len(every), len(scenes))]
    tokens = encode_scenes(vq, SpriteAtlas(objects), scenes)
    return TokenPool([scenes[i] for i in order], tokens[order])


def _weight(scene: Scene) -> float:
    if scene.ground == WHITE:
        return WHITE_WEIGHT
    return SCENERY_WEIGHT if scene.ground >= len(COLOURS) else 1.0


@torch.no_grad()
def encode_scenes(vq: ImageTokenizer, atlas: SpriteAtlas, scenes: list[Scene], batch: int = 32, scale: int = 1) -> Tensor:
    """Token grids [N, S] of scenes, drawn as many times larger as ``scale`` says."""
    parts = []
    for start in range(0, len(scenes), batch):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            parts.append(vq.encode(to_batch([atlas.render(scene, scale) for scene in scenes[start:start + batch]])))
    return torch.cat(parts)
