"""How many objects a model draws when their name alone is the prompt, judged by the tokens; no second network judges."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from .objects import load_objects, with_article
from .pool import encode_scenes
from .scenes import WHITE, SpriteAtlas, centred
from .vq import ImageTokenizer


@torch.inference_mode()
def measure_naming(images: ImageTokenizer, draw: Callable[[list[str]], Tensor], most: int | None = None) -> dict[str, float]:
    """One grid for the principal name of each object, or of ``most``, beside the true pictures of all objects on white.

    ``draw`` makes token grids [N, S] of prompts. ``named``: the share of them whose nearest true picture, by the tokens in
    common, is the right one. ``drawn``: the share that besides has more than half of the tokens of the object right, so
    that a person would see it too.
    """
    objects = load_objects()
    truth = encode_scenes(images, SpriteAtlas(objects), [centred(i, WHITE) for i in range(len(objects))])
    named, drawn = judge(draw([with_article(entry.names[0]) for entry in objects[:most]]), truth)
    return {"named": named.float().mean().item(), "drawn": drawn.float().mean().item()}


def judge(tokens: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """Which of the pictures [N, S] are named and drawn, as above; the i-th should be the i-th true one [M, S].

    The most frequent token of all true pictures is the ground, and counts for nothing.
    """
    thing = truth != truth.flatten().mode().values
    common = torch.stack([((picture == truth) & thing).sum(dim=1) / thing.sum(dim=1) for picture in tokens])
    named = torch.stack([(picture == truth).sum(dim=1) for picture in tokens]).argmax(dim=1) == torch.arange(len(tokens))
    return named, named & (common.diagonal() > 0.5)
