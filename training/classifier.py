"""A small classifier that names the object and the ground of a picture; it learns from true scenes only."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from . import distributed
from .image_tokenizer import cosine, set_rate
from .log import Log
from .objects import load_objects
from .progress import write_whole
from .scenes import GROUNDS, IMAGE_SIZE, Placement, Scene, SpriteAtlas, centred, to_batch

WIDTHS = (32, 64, 128, 192)


class SceneClassifier(nn.Module):
    """Pictures [B, 3, 64, 64] in −1…1 to logits of the object [B, objects] and of the ground [B, grounds]."""

    def __init__(self, objects: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for source, target in zip((3, *WIDTHS), WIDTHS):
            layers += [nn.Conv2d(source, target, 3, stride=2, padding=1), nn.GroupNorm(8, target), nn.SiLU(),
                       nn.Conv2d(target, target, 3, padding=1), nn.GroupNorm(8, target), nn.SiLU()]
        self.features = nn.Sequential(*layers)
        self.object, self.ground = nn.Linear(4 * WIDTHS[-1], objects), nn.Linear(4 * WIDTHS[-1], len(GROUNDS))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        pooled = F.adaptive_avg_pool2d(self.features(pictures), 2).flatten(1)
        return self.object(pooled), self.ground(pooled)

    def summary(self, pictures: Tensor) -> Tensor:
        """The means of the last features over the picture [B, 192]."""
        return self.features(pictures).mean(dim=(2, 3))


@dataclass(frozen=True)
class ClassifierTraining:
    """``batch`` is one rank's."""

    run: Path
    minutes: float = 6
    batch: int = 32
    ranks: int = 1
    rate: float = 2e-3
    seed: int = 11


def train_classifier(settings: ClassifierTraining) -> None:
    """Writes ``classifier.pt`` and ``classifier.jsonl`` into the folder."""
    settings.run.mkdir(parents=True, exist_ok=True)
    distributed.launch(_train_rank, settings.ranks, settings)


def _train_rank(rank: int, settings: ClassifierTraining) -> None:
    torch.manual_seed(settings.seed)
    objects = load_objects()
    model = SceneClassifier(len(objects)).to(memory_format=torch.channels_last)
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(parameters, settings.rate, weight_decay=0.02)
    atlas, rng = SpriteAtlas(objects), random.Random(f"{settings.seed} {rank}")
    torch.manual_seed(100 + rank)
    log = Log(settings.run / "classifier.jsonl", rank, every=20)
    clock, step, done = distributed.SharedClock(60 * settings.minutes), 0, 0.0
    while done < 1:
        set_rate(optimizer, settings.rate * min(1, (step + 1) / 50) * cosine(done))
        scenes = [single(rng, len(objects)) for _ in range(settings.batch)]
        loss = _loss(model, disturbed(to_batch([atlas.render(scene) for scene in scenes])), scenes)
        distributed.descend(loss, parameters, [optimizer], longest=5.0)
        step, done = step + 1, clock.done()
        log.add(step, loss.item())
    if rank == 0:
        write_whole({"model": model.state_dict()}, settings.run / "classifier.pt")


def _loss(model: SceneClassifier, pictures: Tensor, scenes: list[Scene]) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        things, grounds = model(pictures)
    thing = torch.tensor([scene.placements[0].object_index for scene in scenes])
    ground = torch.tensor([scene.ground for scene in scenes])
    return F.cross_entropy(things.float(), thing) + F.cross_entropy(grounds.float(), ground)


def single(rng: random.Random, objects: int) -> Scene:
    """One object anywhere near the middle, of any size from 40 pixels, on any ground."""
    thing, ground = rng.randrange(objects), rng.randrange(len(GROUNDS))
    if rng.random() < 0.4:
        return centred(thing, ground)
    size = rng.randrange(40, 60)
    return Scene((Placement(thing, size, *(rng.randrange(IMAGE_SIZE - size + 1) for _ in range(2))),), ground)


def disturbed(pictures: Tensor) -> Tensor:
    """Half of the pictures a little blurred, all with some noise: a picture need not be crisp to be named."""
    blurred = F.avg_pool2d(F.pad(pictures, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    soft = torch.where(torch.rand(len(pictures), 1, 1, 1) < 0.5, blurred, pictures)
    return soft + 0.1 * torch.rand(len(pictures), 1, 1, 1) * torch.randn_like(pictures)


def load_classifier(run: Path) -> SceneClassifier:
    """The trained classifier of a folder."""
    model = SceneClassifier(len(load_objects()))
    model.load_state_dict(torch.load(run / "classifier.pt", weights_only=True)["model"])
    return model.eval()
