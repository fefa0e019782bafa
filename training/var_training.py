"""Trains VAR's quantiser on the latents of scenes, and its transformer on the tokens of all grids."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from . import distributed
from .classes import NamedClasses
from .image_tokenizer import cosine, set_rate
from .log import Log
from .muon import muon_and_adamw
from .progress import write_whole
from .residual import ScaleQuantizer, residual_losses
from .timed_run import TimedRun
from .var import Var, VarSettings


@dataclass(frozen=True)
class Latents:
    """Objects [N] with the latent pictures [N, Z, P, P] of scenes that show them, and how often each is to be seen [N]."""

    objects: Tensor
    latents: Tensor
    weights: Tensor

    def save(self, path: Path) -> None:
        """Writes what ``load`` reads."""
        torch.save({"objects": self.objects, "latents": self.latents, "weights": self.weights}, path)

    @staticmethod
    def load(path: Path) -> Latents:
        """Reads latents of one's own making."""
        return Latents(**torch.load(path, weights_only=True))


def train_quantizer(run: Path, source: Latents, settings: VarSettings, minutes: float) -> None:
    """Codebook and convolutions for the latents; writes ``quantizer.pt`` and ``quantizer.jsonl``."""
    distributed.launch(_quantizer_rank, 1, run, source, settings, minutes)


def _quantizer_rank(rank: int, run: Path, source: Latents, settings: VarSettings, minutes: float) -> None:
    torch.manual_seed(2)
    quantizer = ScaleQuantizer(settings.sides, settings.codes, settings.dimensions)
    _begin_with_samples(quantizer, source.latents)
    optimizer = torch.optim.Adam(quantizer.parameters(), lr=5e-3)
    used = torch.ones(settings.codes)
    log, clock, step, done = Log(run / "quantizer.jsonl", rank, every=20), distributed.SharedClock(60 * minutes), 0, 0.0
    while done < 1:
        set_rate(optimizer, 5e-3 * cosine(done))
        errors, ids, rows = residual_losses(quantizer, source.latents[torch.randint(len(source.latents), (16,))])
        distributed.descend(errors.mean() + 4 * errors[-1], list(quantizer.parameters()), [optimizer])
        used = 0.97 * used + torch.bincount(ids.flatten(), minlength=settings.codes)
        if step % 20 == 10 and done < 0.7:
            _revive(quantizer, used, ids, rows)
        step, done = step + 1, clock.done()
        log.add(step, float(errors[-1].detach()), codes=int((used > 0.1).sum()))
    write_whole({"model": quantizer.state_dict()}, run / "quantizer.pt")


@torch.no_grad()
def _begin_with_samples(quantizer: ScaleQuantizer, latents: Tensor) -> None:
    """Codes are means of all grids, shortened at random, since fine grids get what is left over."""
    some = latents[torch.randperm(len(latents))[:500]]
    rows = torch.cat([quantizer.shrunk(some, scale).flatten(0, 1) for scale in range(len(quantizer.sides))])
    codes = rows[torch.randint(len(rows), (len(quantizer.embedding.weight),))]
    quantizer.embedding.weight.copy_(codes * torch.rand(len(codes), 1).clamp_min(0.1))


@torch.no_grad()
def _revive(quantizer: ScaleQuantizer, used: Tensor, ids: Tensor, rows: Tensor) -> None:
    """Moves codes that nobody uses to vectors that are badly served."""
    dead = (used < 0.1).nonzero().flatten()
    if len(dead) == 0:
        return
    vectors = rows.flatten(0, 1)
    misfit = (vectors - quantizer.embedding.weight[ids.flatten()]).square().sum(dim=1)
    quantizer.embedding.weight[dead] = vectors[torch.multinomial(misfit + 1e-9, len(dead))]
    used[dead] = 1


def load_quantizer(run: Path, settings: VarSettings) -> ScaleQuantizer:
    """The trained quantiser of a run."""
    quantizer = ScaleQuantizer(settings.sides, settings.codes, settings.dimensions)
    quantizer.load_state_dict(torch.load(run / "quantizer.pt", weights_only=True)["model"])
    return quantizer.eval().requires_grad_(False)


@dataclass(frozen=True)
class VarTraining:
    """A course (see ``timed_run``).

    Over the first ``thin_share`` of the minutes only ``thin_cells`` cells of the finest grid, on which no other grid
    depends, are computed. ``misled_share`` of the pictures have wrong tokens in their coarse grids.
    """

    run: Path
    minutes: float
    network: VarSettings = field(default_factory=VarSettings)
    batch: int = 24
    ranks: int = 2
    seed: int = 0
    thin_share: float = 0.65
    thin_cells: int = 80
    misled_share: float = 0.5
    class_drop: float = 0.1
    group_share: float = 0.08
    matrix_rate: float = 0.02
    other_rate: float = 3e-3
    warm_up: int = 60
    decay_share: float = 0.4
    save_minutes: float = 3


def train_var(settings: VarTraining, source: Latents, classes: NamedClasses) -> None:
    """Goes on from ``var-state.pt`` if there is one; writes ``var.pt`` (averaged weights) as it goes."""
    distributed.launch(_train_rank, settings.ranks, settings, source, classes)


def _train_rank(rank: int, settings: VarTraining, source: Latents, classes: NamedClasses) -> None:
    torch.manual_seed(settings.seed)
    model, quantizer = Var(settings.network), load_quantizer(settings.run, settings.network)
    optimizers = muon_and_adamw(model, model.blocks, settings.matrix_rate, settings.other_rate)
    run = TimedRun(rank, "var", settings, model, optimizers)
    run.seed_torch()
    coarse = settings.network.tokens - settings.network.sides[-1] ** 2
    for done in run.steps():
        picks = torch.multinomial(source.weights, settings.batch, replacement=True)
        labels = torch.tensor([_label(int(i), classes, settings, run.rng) for i in source.objects[picks]])
        places = _places(settings, thin=done < settings.thin_share)
        entropy = _entropy(model, quantizer, labels, source.latents[picks], places, settings.misled_share)
        run.descend(entropy.mean())
        run.log(entropy.mean(), coarse=round(entropy[:, :coarse].mean().item(), 3), fine=round(entropy[:, coarse:].mean().item(), 3))


def _label(thing: int, classes: NamedClasses, settings: VarTraining, rng: random.Random) -> int:
    """Mostly the object's class, sometimes its group's, and sometimes none, which guidance needs."""
    kind = rng.random()
    if kind < settings.class_drop:
        return settings.network.classes
    return classes.group_of(thing) if kind < settings.class_drop + settings.group_share else thing


def _places(settings: VarTraining, thin: bool) -> Tensor:
    """The tokens [N] that are computed; of a thin finest grid, rarely those at the border, which show the ground."""
    finest = settings.network.sides[-1]
    coarse = torch.arange(settings.network.tokens - finest**2)
    if not thin:
        return torch.arange(settings.network.tokens)
    border = torch.ones(finest, finest)
    border[2:-2, 2:-2] = 0
    order = (torch.rand(finest**2) + 0.4 * border.flatten()).argsort()
    return torch.cat([coarse, len(coarse) + order[: settings.thin_cells].sort().values])


def _entropy(model: Var, quantizer: ScaleQuantizer, labels: Tensor, latents: Tensor, places: Tensor,
             misled_share: float) -> Tensor:
    """Nats of each computed token [B, N]."""
    tokens, fed = quantizer.encode(latents, misled_share)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(labels, fed[:, places[1:] - 1], places)
    return F.cross_entropy(logits.float().transpose(1, 2), tokens[:, places], reduction="none")


def load_var(run: Path, network: VarSettings) -> Var:
    """The last saved averaged weights."""
    model = Var(network)
    model.load_state_dict(torch.load(run / "var.pt", weights_only=True)["model"])
    return model.eval()
