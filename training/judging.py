"""What a classifier of true scenes says of drawn pictures: how often they show what was asked for, how far they are from true ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .classifier import SceneClassifier
from .scenes import IMAGE_SIZE, Scene


@dataclass(frozen=True)
class Request:
    """A prompt with a scene that fits it."""

    prompt: str
    scene: Scene

    @property
    def thing(self) -> int:
        return self.scene.placements[0].object_index


class Judge:
    """Looks at pictures [N, 3, H, W] in −1…1, made 64 pixels large."""

    def __init__(self, classifier: SceneClassifier) -> None:
        self._classifier = classifier

    @torch.inference_mode()
    def accuracy(self, pictures: Tensor, asked: Sequence[Request]) -> dict[str, float]:
        """Shares of the pictures whose object is the likeliest or among five, and whose ground is right."""
        things, grounds = self._classifier(_small(pictures))
        likely = things.topk(5, dim=1).indices == torch.tensor([request.thing for request in asked])[:, None]
        ground = grounds.argmax(dim=1) == torch.tensor([request.scene.ground for request in asked])
        return {"object": _share(likely[:, 0]), "object of five": _share(likely.any(dim=1)), "ground": _share(ground)}

    @torch.inference_mode()
    def distance(self, drawn: Tensor, true: Tensor) -> float:
        """Fréchet distance between this classifier's features of the two; not the one of Inception's features."""
        return frechet_distance(self._classifier.summary(_small(drawn)), self._classifier.summary(_small(true)))


def frechet_distance(one: Tensor, other: Tensor) -> float:
    """|μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½) of samples [N, D] and [M, D] (Heusel et al., 2017)."""
    one, other = one.double(), other.double()
    first, second = torch.cov(one.T), torch.cov(other.T)
    root = _square_root(first)
    both = torch.linalg.eigvalsh(root @ second @ root).clamp(min=0).sqrt().sum()
    return float((one.mean(0) - other.mean(0)).square().sum() + first.trace() + second.trace() - 2 * both)


def diversity(pictures: Tensor) -> float:
    """Root of the mean squared difference of two pictures of one prompt, in values from 0 to 1; ``pictures`` [prompts, seeds, 3, H, W]."""
    seeds = pictures.shape[1]
    pairs = [(pictures[:, i] - pictures[:, j]).square().mean(dim=(1, 2, 3)) for i in range(seeds) for j in range(i)]
    return float((torch.stack(pairs) / 4).sqrt().mean())


def _square_root(matrix: Tensor) -> Tensor:
    values, vectors = torch.linalg.eigh(matrix)
    return vectors * values.clamp(min=0).sqrt() @ vectors.T


def _share(right: Tensor) -> float:
    return round(right.float().mean().item(), 4)


def _small(pictures: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(pictures.float().clamp(-1, 1), IMAGE_SIZE)
