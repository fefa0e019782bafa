"""How many objects the model draws when their name alone is the prompt, judged by the tokens; no second network judges."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor

from .generator import load_generator
from .image_tokenizer import load_image_tokenizer
from .objects import load_objects, with_article
from .pool import encode_scenes
from .scenes import WHITE, SpriteAtlas, centred
from .sheet import GUIDANCE, TEMPERATURE, TOP_K


@torch.inference_mode()
def measure_naming(run: Path, guidance: float = GUIDANCE, top_k: int = TOP_K, temperature: float = TEMPERATURE,
                   seed: int = 1) -> dict[str, float]:
    """One picture for the principal name of each object, beside the true pictures of all objects on white.

    ``named``: the share of them whose nearest true picture, by the tokens in common, is the right one. ``drawn``: the
    share that besides has more than half of the tokens of the object right, so that a person would see it too.
    """
    objects = load_objects()
    truth = encode_scenes(load_image_tokenizer(run), SpriteAtlas(objects), [centred(i, WHITE) for i in range(len(objects))])
    generator, _ = load_generator(run)
    tokens = generator.generate([with_article(entry.names[0]) for entry in objects], seed, guidance, top_k, temperature)
    named, drawn = judge(tokens, truth)
    return {"named": named.float().mean().item(), "drawn": drawn.float().mean().item()}


def judge(tokens: Tensor, truth: Tensor) -> tuple[Tensor, Tensor]:
    """Which of the pictures [N, S] are named and drawn, as above; the i-th should be the i-th true one [N, S].

    The most frequent token of all true pictures is the ground, and counts for nothing.
    """
    thing = truth != truth.flatten().mode().values
    common = torch.stack([((picture == truth) & thing).sum(dim=1) / thing.sum(dim=1) for picture in tokens])
    named = torch.stack([(picture == truth).sum(dim=1) for picture in tokens]).argmax(dim=1) == torch.arange(len(truth))
    return named, named & (common.diagonal() > 0.5)
