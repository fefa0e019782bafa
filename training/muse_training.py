"""Trains one of Muse's two networks on token grids, with a frozen text encoder."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor
from transformers import T5EncoderModel

from . import distributed
from .captions import PAD, CaptionWriter
from .masking import Masking
from .muon import muon_and_adamw
from .muse import Muse, MuseSettings
from .objects import load_objects
from .scenes import Scene
from .t5 import small_t5
from .timed_run import TimedRun


@dataclass(frozen=True)
class MuseTraining:
    """A course (see ``timed_run``).

    Over the first ``thin_share`` of the minutes only ``thin_cells`` of a grid's cells are computed, others in each sample: the
    network mostly has to learn what belongs where, and sees more pictures in that time.
    """

    run: Path
    name: str
    minutes: float
    network: MuseSettings
    masking: Masking = field(default_factory=Masking)
    batch: int = 24
    ranks: int = 1
    seed: int = 0
    thin_share: float = 0.7
    thin_cells: int = 128
    matrix_rate: float = 0.02
    other_rate: float = 3e-3
    warm_up: int = 60
    decay_share: float = 0.3
    caption_drop: float = 0.1
    save_minutes: float = 3


class GridSource(Protocol):
    """Where the grids come from."""

    def take(self, count: int, rng: random.Random) -> tuple[list[Scene], Tensor, Tensor | None]:
        """Scenes with their token grids [B, S], and the coarse grids [B, S'] that a super-resolution network is given."""


class FrozenText:
    """The text encoder as it is: states [B, T, D] of all positions, pads like any other."""

    def __init__(self, t5: T5EncoderModel, tokenizer: Tokenizer, tokens: int) -> None:
        self._t5, self._tokenizer, self._tokens = t5.eval().requires_grad_(False), tokenizer, tokens

    @torch.no_grad()
    def states(self, captions: Sequence[str]) -> Tensor:
        rows = [self._tokenizer.encode(caption).ids[: self._tokens] for caption in captions]
        ids = torch.tensor([row + [PAD] * (self._tokens - len(row)) for row in rows])
        return self._t5(input_ids=ids, attention_mask=torch.ones_like(ids)).last_hidden_state


def load_taught_text(run: Path) -> tuple[T5EncoderModel, Tokenizer]:
    """The text encoder and tokenizer that a run of ``emoji-llamagen`` has taught."""
    state = torch.load(run / "generator.pt", weights_only=True)
    tokenizer = Tokenizer.from_str(state["tokenizer"])
    t5 = small_t5(tokenizer.get_vocab_size(), state["t5"]["shared.weight"].shape[1])
    t5.load_state_dict(state["t5"])
    return t5, tokenizer


def load_text(run: Path, tokens: int) -> FrozenText:
    """The same, for captions of so many tokens."""
    return FrozenText(*load_taught_text(run), tokens)


def train_muse(settings: MuseTraining, source: GridSource, text: FrozenText) -> None:
    """Goes on from the saved state if there is one; writes averaged weights as it goes."""
    distributed.launch(_train_rank, settings.ranks, settings, source, text)


def _train_rank(rank: int, settings: MuseTraining, source: GridSource, text: FrozenText) -> None:
    torch.manual_seed(settings.seed)
    model = Muse(settings.network)
    run = TimedRun(rank, settings.name, settings, model, _optimizers(model, settings))
    run.seed_torch()
    writer = CaptionWriter(load_objects(), run.rng)
    for done in run.steps():
        scenes, tokens, low = source.take(settings.batch, run.rng)
        captions = ["" if run.rng.random() < settings.caption_drop else writer.write(scene) for scene in scenes]
        kept = settings.thin_cells if done < settings.thin_share else settings.network.cells
        entropy, share = _entropy(model, settings, text.states(captions), tokens, low, kept)
        run.descend(entropy.mean())
        run.log(entropy.mean(), **_figures(entropy.detach(), share))


def _entropy(model: Muse, settings: MuseTraining, states: Tensor, tokens: Tensor, low: Tensor | None,
             kept: int) -> tuple[Tensor, Tensor]:
    """Nats of each open cell [N], with the share of open cells in its grid [N]."""
    rows, cells = tokens.shape
    open_cells = settings.masking.open_cells(rows, cells)
    shown = settings.masking.shown(tokens, open_cells, settings.network.mask)
    shares = open_cells.float().mean(dim=1, keepdim=True).expand(rows, cells)
    places = None
    if kept < cells:
        places = _told_apart(tokens).argsort(dim=1)[:, :kept]
        tokens, shown, open_cells, shares = (x.gather(1, places) for x in (tokens, shown, open_cells, shares))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(shown, model.condition(states, low), open_cells, places)
    return F.cross_entropy(logits.float(), tokens[open_cells], reduction="none"), shares[open_cells]


def _told_apart(tokens: Tensor, behind: float = 0.4) -> Tensor:
    """Random numbers [B, S] that put most cells of the ground, which is learnt soon, behind those of the things."""
    ground = tokens == tokens.mode(dim=1, keepdim=True).values
    return torch.rand(tokens.shape) + behind * ground


def _figures(entropy: Tensor, share: Tensor) -> dict[str, float]:
    """The loss where nothing is shown, and where at least half is."""
    return {name: round(entropy[rows].mean().item(), 3) if rows.any() else 0.0
            for name, rows in (("empty", share == 1), ("half", share < 0.5))}


def _optimizers(model: Muse, settings: MuseTraining) -> list[torch.optim.Optimizer]:
    layers = [model.layers, *([model.low.layers] if settings.network.low_side > 0 else [])]
    return muon_and_adamw(model, layers, settings.matrix_rate, settings.other_rate)


def load_muse(path: Path, settings: MuseSettings) -> Muse:
    """The last saved averaged weights."""
    model = Muse(settings)
    model.load_state_dict(torch.load(path, weights_only=True)["model"])
    return model.eval()
