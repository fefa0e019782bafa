"""Trains the transformer together with its text encoder on token grids."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import T5EncoderModel

from . import distributed
from .captions import CaptionWriter
from .gpt import Gpt, GptSettings
from .misleading import mislead
from .muon import Muon
from .objects import load_objects
from .pool import TokenPool
from .scenes import GROUNDS, Scene
from .t5 import encode, small_t5
from .timed_run import State, TimedRun


@dataclass(frozen=True)
class GeneratorTraining:
    """A course (see ``timed_run``).

    Before the rest, the text side learns alone for ``caption_minutes`` (see
    ``CaptionReader``); that loss stays with ``caption_weight``. In ``misled_share`` of the samples some of the
    tokens that are fed are wrong, so that the caption has to be read to predict the next one. The first of
    ``opening_rows`` rows, where it is decided what is drawn, counts ``opening_weight`` times as much as the last rows.
    """

    run: Path
    minutes: float
    batch: int = 16
    ranks: int = 2
    seed: int = 0
    matrix_rate: float = 0.02
    other_rate: float = 3e-3
    text_rate: float = 1e-3
    warm_up: int = 60
    decay_share: float = 0.4
    caption_drop: float = 0.1
    misled_share: float = 0.4
    opening_rows: int = 6
    opening_weight: float = 4.0
    caption_minutes: float = 1.5
    caption_weight: float = 0.05
    save_minutes: float = 4


@dataclass(frozen=True)
class Batch:
    """Samples of the pool: ``tokens`` [B, S] are to be predicted, ``fed`` [B, S] stand in the input in their place."""

    captions: list[str]
    scenes: list[Scene]
    tokens: Tensor
    fed: Tensor
    dropped: Tensor


class CaptionReader(nn.Module):
    """Tells from the mean of a caption's prefix rows what is in the scene, of three objects the first two; needed in training only.

    Which of 158 objects it is is worth 5 nats in a picture of some 400: without this, the text encoder gets next to no
    gradient for a long time. Image positions see the mean of the prefix too (its keys are zero), so what can be read
    here can be used there.
    """

    def __init__(self, width: int, objects: int) -> None:
        super().__init__()
        self.left, self.right = nn.Linear(width, objects), nn.Linear(width, objects + 1)
        self.ground, self.small = nn.Linear(width, len(GROUNDS)), nn.Linear(width, 2)
        self._nothing = objects

    def forward(self, prefix: Tensor, valid: Tensor, scenes: list[Scene]) -> Tensor:
        """Sum of four cross-entropies for prefixes [B, T, D]."""
        mean = (prefix.float() * valid[..., None]).sum(dim=1) / valid.sum(dim=1, keepdim=True)
        mean = F.rms_norm(mean, mean.shape[-1:])
        truth = torch.tensor([self._truth(scene) for scene in scenes])
        heads = (self.left, self.right, self.ground, self.small)
        return sum(F.cross_entropy(head(mean), truth[:, i]) for i, head in enumerate(heads))

    def _truth(self, scene: Scene) -> tuple[int, int, int, int]:
        second = scene.placements[1].object_index if len(scene.placements) > 1 else self._nothing
        return scene.placements[0].object_index, second, scene.ground, int(not scene.is_centred())


class Generator(nn.Module):
    """Text encoder and transformer as one thing to train."""

    def __init__(self, settings: GptSettings, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.gpt = Gpt(settings)
        self.t5: T5EncoderModel = small_t5(tokenizer.get_vocab_size(), settings.caption_width)
        self.reader = CaptionReader(settings.width, len(load_objects()))
        self.tokenizer = tokenizer

    def losses(self, batch: Batch, weights: Tensor) -> tuple[Tensor, Tensor]:
        """Cross-entropy in nats a token, cells weighed by ``weights`` [S], and the loss of the caption reader."""
        states, valid = self._states(batch.captions)
        reading = self._reading_loss(states, valid, batch.scenes)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            prefix = self.gpt.prefix(states, valid, batch.dropped)
            logits = self.gpt(prefix, valid, batch.fed)
        entropy = F.cross_entropy(logits.float().transpose(1, 2), batch.tokens, reduction="none")
        return (entropy * weights).mean() / weights.mean(), reading

    def reading_loss(self, captions: list[str], scenes: list[Scene]) -> Tensor:
        """The loss of the caption reader alone."""
        return self._reading_loss(*self._states(captions), scenes)

    def _reading_loss(self, states: Tensor, valid: Tensor, scenes: list[Scene]) -> Tensor:
        prefix = self.gpt.prefix(states, valid, torch.zeros(len(scenes), dtype=torch.bool))
        return self.reader(prefix, valid, scenes)

    def _states(self, captions: list[str]) -> tuple[Tensor, Tensor]:
        return encode(self.t5, self.tokenizer, captions, self.gpt.settings.caption_tokens)

    @torch.inference_mode()
    def generate(self, prompts: list[str], seed: int, guidance: float, top_k: int, temperature: float = 1.0) -> Tensor:
        """Token grids [B, S] of prompts. A prompt's draws do not depend on the prompts beside it."""
        states, valid = self._states(prompts)
        keep = torch.zeros(len(prompts), dtype=torch.bool)
        both = torch.cat([self.gpt.prefix(states, valid, keep), self.gpt.prefix(states, valid, ~keep)])
        return self.gpt.generate(both, valid.repeat(2, 1), guidance, top_k, temperature, seed)


def train_generator(settings: GeneratorTraining, pool: TokenPool, tokenizer: Tokenizer) -> None:
    """Goes on from ``generator-state.pt`` if there is one; writes ``generator.pt`` (averaged weights) as it goes."""
    distributed.launch(_train_rank, settings.ranks, settings, pool, tokenizer.to_str())


def _train_rank(rank: int, settings: GeneratorTraining, pool: TokenPool, tokenizer_json: str) -> None:
    torch.manual_seed(settings.seed)
    model = Generator(GptSettings(), Tokenizer.from_str(tokenizer_json))
    run = TimedRun(rank, "generator", settings, model, _optimizers(model, settings), partial(_parts, model.tokenizer))
    batches = _Batches(pool, settings, run.rng)
    weights = _cell_weights(model.gpt.settings.side, settings)
    if run.taken == 0:
        _teach_captions(model, batches, settings)
    for _ in run.steps():
        loss, reading = model.losses(batches.take(), weights)
        run.descend(loss + settings.caption_weight * reading)
        run.log(loss, reading=round(reading.item(), 2))


def _teach_captions(model: Generator, batches: _Batches, settings: GeneratorTraining, captions: int = 64) -> None:
    """Trains the text encoder, its projection and the caption reader, without pictures.

    A word is in few captions and its embedding starts far from zero, hence the larger rate for the embeddings.
    """
    taught = [*model.t5.parameters(), *model.gpt.cls_embedding.cap_proj.parameters(), *model.reader.parameters()]
    pieces = model.t5.shared.weight
    others = [parameter for parameter in taught if parameter is not pieces]
    optimizer = torch.optim.AdamW([{"params": others}, {"params": [pieces]}], betas=(0.9, 0.97), weight_decay=0.0)
    clock, done = distributed.SharedClock(60 * settings.caption_minutes), 0.0
    while done < 1:
        rate = settings.other_rate * max(0.0, 1 - done)
        optimizer.param_groups[0]["lr"], optimizer.param_groups[1]["lr"] = rate, 10 * rate
        distributed.descend(model.reading_loss(*batches.captions(captions)), taught, [optimizer])
        done = clock.done()


class _Batches:
    """Random samples of the pool, with a new caption each time."""

    def __init__(self, pool: TokenPool, settings: GeneratorTraining, rng: random.Random) -> None:
        self._pool, self._settings, self._rng = pool, settings, rng
        self._writer = CaptionWriter(load_objects(), rng)

    def take(self) -> Batch:
        """The next samples."""
        picks = self._picks(self._settings.batch)
        dropped = torch.tensor([self._rng.random() < self._settings.caption_drop for _ in picks])
        tokens = self._pool.tokens[picks]
        return Batch(*self._described(picks), tokens, mislead(tokens, self._settings.misled_share), dropped)

    def captions(self, count: int) -> tuple[list[str], list[Scene]]:
        """Captions of random scenes, with the scenes."""
        return self._described(self._picks(count))

    def _picks(self, count: int) -> list[int]:
        return [self._rng.randrange(len(self._pool.scenes)) for _ in range(count)]

    def _described(self, picks: list[int]) -> tuple[list[str], list[Scene]]:
        scenes = [self._pool.scenes[i] for i in picks]
        return [self._writer.write(scene) for scene in scenes], scenes


def _cell_weights(side: int, settings: GeneratorTraining) -> Tensor:
    """[S] falling row by row from the opening weight to one."""
    rows = torch.linspace(settings.opening_weight, 1, settings.opening_rows + 1)
    return F.pad(rows, (0, max(0, side - len(rows))), value=1.0)[:side].repeat_interleave(side)


def _parts(tokenizer: Tokenizer, state: State) -> dict[str, object]:
    """The transformer and the text encoder, each under its own names, and the tokenizer."""
    networks = {part: {name.removeprefix(f"{part}."): value for name, value in state.items() if name.startswith(f"{part}.")}
                for part in ("gpt", "t5")}
    return {**networks, "tokenizer": tokenizer.to_str()}


def _optimizers(model: Generator, settings: GeneratorTraining) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the transformer's layers, AdamW for everything else, slower for the text side."""
    matrices = [parameter for parameter in model.gpt.layers.parameters() if parameter.dim() == 2]
    text = [*model.t5.parameters(), *model.gpt.cls_embedding.cap_proj.parameters()]
    chosen = {id(parameter) for parameter in (*matrices, *text)}
    others = [parameter for parameter in model.parameters() if id(parameter) not in chosen]
    return [Muon(matrices, settings.matrix_rate),
            torch.optim.AdamW(others, settings.other_rate, betas=(0.9, 0.97), weight_decay=0.0),
            torch.optim.AdamW(text, settings.text_rate, betas=(0.9, 0.97), weight_decay=0.0)]


def load_generator(run: Path) -> tuple[Generator, int]:
    """The last saved weights of a run, with their step."""
    state = torch.load(run / "generator.pt", weights_only=True)
    model = Generator(GptSettings(), Tokenizer.from_str(state["tokenizer"]))
    model.gpt.load_state_dict(state["gpt"])
    model.t5.load_state_dict(state["t5"])
    return model.eval(), state["step"]
