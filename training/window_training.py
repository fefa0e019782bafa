"""Trains the transformer of VQGAN + GPT on windows of wide token grids."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from . import distributed
from .misleading import mislead
from .muon import muon_and_adamw
from .timed_run import TimedRun
from .window_gpt import WindowGpt, WindowSettings


@dataclass(frozen=True)
class WindowTraining:
    """A course (see ``timed_run``). ``first_share`` of the windows are the first of their landscape."""

    run: Path
    minutes: float
    network: WindowSettings = field(default_factory=WindowSettings)
    batch: int = 16
    ranks: int = 2
    seed: int = 0
    first_share: float = 0.4
    misled_share: float = 0.3
    matrix_rate: float = 0.02
    other_rate: float = 3e-3
    warm_up: int = 60
    decay_share: float = 0.4
    save_minutes: float = 3


@dataclass(frozen=True)
class WideGrids:
    """Landscapes as tokens: kinds [N] and grids [N, rows, columns]."""

    kinds: Tensor
    grids: Tensor

    def save(self, path: Path) -> None:
        """Writes what ``load`` reads."""
        torch.save({"kinds": self.kinds, "grids": self.grids}, path)

    @staticmethod
    def load(path: Path) -> WideGrids:
        """Reads grids of one's own making."""
        return WideGrids(**torch.load(path, weights_only=True))


def take_windows(wide: WideGrids, settings: WindowTraining, rng: random.Random) -> tuple[Tensor, Tensor, Tensor]:
    """Kinds [B], windows [B, S] and what each cell counts [B, S].

    A window inside of a picture is asked for its middle column alone, and one at the right border for those after it: the
    columns before are predicted at the left border only, so only the first windows of landscapes teach them.
    """
    side, rows, lefts = settings.network.side, [], []
    for _ in range(settings.batch):
        rows.append(rng.randrange(len(wide.grids)))
        lefts.append(0 if rng.random() < settings.first_share else rng.randint(1, wide.grids.shape[2] - side))
    windows = torch.stack([wide.grids[row, :, left:left + side] for row, left in zip(rows, lefts)])
    weights = torch.ones(len(rows), side, side)
    inside = torch.tensor(lefts) > 0
    weights[inside, :, : side // 2] = 0
    weights[inside, :, side // 2] = 3
    return wide.kinds[rows], windows.flatten(1).long(), weights.flatten(1)


def train_windows(settings: WindowTraining, wide: WideGrids) -> None:
    """Goes on from ``gpt-state.pt`` if there is one; writes ``gpt.pt`` (averaged weights) as it goes."""
    distributed.launch(_train_rank, settings.ranks, settings, wide)


def _train_rank(rank: int, settings: WindowTraining, wide: WideGrids) -> None:
    torch.manual_seed(settings.seed)
    model = WindowGpt(settings.network)
    optimizers = muon_and_adamw(model, model.blocks, settings.matrix_rate, settings.other_rate)
    run = TimedRun(rank, "gpt", settings, model, optimizers)
    run.seed_torch()
    for _ in run.steps():
        loss = _loss(model, settings, *take_windows(wide, settings, run.rng))
        run.descend(loss)
        run.log(loss)


def _loss(model: WindowGpt, settings: WindowTraining, kinds: Tensor, tokens: Tensor, weights: Tensor) -> Tensor:
    """Nats a token, of the cells that count."""
    fed = mislead(tokens, settings.misled_share)[:, :-1]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(kinds, fed)
    entropy = F.cross_entropy(logits.float().transpose(1, 2), tokens, reduction="none")
    return (entropy * weights).sum() / weights.sum()


def load_windows(run: Path, network: WindowSettings) -> WindowGpt:
    """The last saved averaged weights."""
    model = WindowGpt(network)
    model.load_state_dict(torch.load(run / "gpt.pt", weights_only=True)["model"])
    return model.eval()
