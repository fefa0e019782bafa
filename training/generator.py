"""Trains the transformer together with its text encoder on token grids."""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import T5EncoderModel

from . import distributed
from .averaging import WeightAverage
from .captions import CaptionWriter
from .gpt import Gpt, GptSettings
from .log import Log
from .muon import Muon
from .objects import load_objects
from .pool import TokenPool
from .t5 import encode, small_t5


@dataclass(frozen=True)
class GeneratorTraining:
    """The rate rises over the first steps, stays, and falls to zero over the last share of the minutes.

    ``batch`` is one rank's.
    """

    run: Path
    minutes: float
    batch: int = 16
    ranks: int = 2
    seed: int = 0
    matrix_rate: float = 0.02
    other_rate: float = 3e-3
    warm_up: int = 60
    decay_share: float = 0.4
    caption_drop: float = 0.1
    save_minutes: float = 4

    def rate_factor(self, step: int, done: float) -> float:
        """What both learning rates are multiplied with."""
        return min(1.0, (step + 1) / self.warm_up, max(0.0, (1 - done) / self.decay_share))


class Generator(nn.Module):
    """Text encoder and transformer as one thing to train."""

    def __init__(self, settings: GptSettings, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.gpt = Gpt(settings)
        self.t5: T5EncoderModel = small_t5(tokenizer.get_vocab_size(), settings.caption_width)
        self.tokenizer = tokenizer

    def loss(self, captions: list[str], tokens: Tensor, dropped: Tensor) -> Tensor:
        """Mean cross-entropy in nats over the tokens [B, S]; ``dropped`` [B] captions are replaced by no caption."""
        states, valid = encode(self.t5, self.tokenizer, captions, self.gpt.settings.caption_tokens)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            prefix = self.gpt.prefix(states, valid, dropped)
            logits = self.gpt(prefix, valid, tokens)
        return F.cross_entropy(logits.float().flatten(0, 1), tokens.flatten())

    @torch.inference_mode()
    def generate(self, prompts: list[str], seed: int, guidance: float, top_k: int, temperature: float = 1.0) -> Tensor:
        """Token grids [B, S] of prompts. A prompt's draws do not depend on the prompts beside it."""
        states, valid = encode(self.t5, self.tokenizer, prompts, self.gpt.settings.caption_tokens)
        keep = torch.zeros(len(prompts), dtype=torch.bool)
        both = torch.cat([self.gpt.prefix(states, valid, keep), self.gpt.prefix(states, valid, ~keep)])
        return self.gpt.generate(both, valid.repeat(2, 1), guidance, top_k, temperature, seed)


def train_generator(settings: GeneratorTraining, pool: TokenPool, tokenizer: Tokenizer) -> None:
    """Goes on from ``generator-state.pt`` if there is one; writes ``generator.pt`` (averaged weights) as it goes."""
    distributed.launch(_train_rank, settings.ranks, settings, pool, tokenizer.to_str())


def _train_rank(rank: int, settings: GeneratorTraining, pool: TokenPool, tokenizer_json: str) -> None:
    torch.manual_seed(settings.seed)
    model = Generator(GptSettings(), Tokenizer.from_str(tokenizer_json))
    parameters = list(model.parameters())
    progress = _Progress(settings.run, model, _optimizers(model, settings), WeightAverage(model, 0.995))
    progress.resume()
    batches = _Batches(pool, settings, random.Random(f"{settings.seed} {rank} {progress.step}"))
    log = Log(settings.run / "generator.jsonl", rank, every=20)
    clock = distributed.SharedClock(60 * settings.minutes, progress.seconds)
    saved = progress.seconds
    while progress.seconds < 60 * settings.minutes:
        progress.set_rates(settings)
        loss = model.loss(*batches.take())
        loss.backward()
        distributed.average_gradients(parameters)
        nn.utils.clip_grad_norm_(parameters, 5.0)
        progress.advance(clock.elapsed())
        log.add(progress.step, loss.item(), samples=progress.step * settings.batch * settings.ranks)
        if rank == 0 and progress.seconds - saved > 60 * settings.save_minutes:
            saved = progress.seconds
            progress.save()
    if rank == 0:
        progress.save()


class _Batches:
    """Random samples of the pool, with a new caption each time."""

    def __init__(self, pool: TokenPool, settings: GeneratorTraining, rng: random.Random) -> None:
        self._pool, self._settings, self._rng = pool, settings, rng
        self._writer = CaptionWriter(load_objects(), rng)

    def take(self) -> tuple[list[str], Tensor, Tensor]:
        """Captions, tokens [B, S], and which captions are dropped [B]."""
        picks = [self._rng.randrange(len(self._pool.scenes)) for _ in range(self._settings.batch)]
        captions = [self._writer.write(self._pool.scenes[i]) for i in picks]
        dropped = torch.tensor([self._rng.random() < self._settings.caption_drop for _ in picks])
        return captions, self._pool.tokens[picks], dropped


class _Progress:
    """All state of a training run that a later process needs to go on."""

    def __init__(self, run: Path, model: Generator, optimizers: list[torch.optim.Optimizer], average: WeightAverage):
        self._run, self._model, self._optimizers, self._average = run, model, optimizers, average
        self._base_rates = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
        self.step, self.seconds = 0, 0.0

    def set_rates(self, settings: GeneratorTraining) -> None:
        factor = settings.rate_factor(self.step, self.seconds / (60 * settings.minutes))
        for optimizer, rate in zip(self._optimizers, self._base_rates):
            optimizer.param_groups[0]["lr"] = rate * factor

    def advance(self, seconds: float) -> None:
        """Applies the gradients."""
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self._average.update(self._model)
        self.step, self.seconds = self.step + 1, seconds

    def save(self) -> None:
        """Writes ``generator-state.pt`` to go on from, and ``generator.pt`` to use; each whole or not at all."""
        state = {"model": self._model.state_dict(), "optimizers": [o.state_dict() for o in self._optimizers],
                 "average": self._average.saved(), "step": self.step, "seconds": self.seconds}
        _write(state, self._run / "generator-state.pt")
        parts = {part: {name.removeprefix(f"{part}."): value for name, value in self._average.state.items()
                        if name.startswith(f"{part}.")} for part in ("gpt", "t5")}
        _write({**parts, "tokenizer": self._model.tokenizer.to_str(), "step": self.step}, self._run / "generator.pt")

    def resume(self) -> None:
        """Goes on from the saved state, if there is one."""
        path = self._run / "generator-state.pt"
        if not path.exists():
            return
        state = torch.load(path, weights_only=True)
        self._model.load_state_dict(state["model"])
        for optimizer, saved in zip(self._optimizers, state["optimizers"]):
            optimizer.load_state_dict(saved)
        self._average.restore(state["average"])
        self.step, self.seconds = state["step"], state["seconds"]


def _optimizers(model: Generator, settings: GeneratorTraining) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the transformer's layers, AdamW for everything else."""
    matrices = [parameter for parameter in model.gpt.layers.parameters() if parameter.dim() == 2]
    chosen = {id(parameter) for parameter in matrices}
    others = [parameter for parameter in model.parameters() if id(parameter) not in chosen]
    return [Muon(matrices, settings.matrix_rate),
            torch.optim.AdamW(others, settings.other_rate, betas=(0.9, 0.97), weight_decay=0.0)]


def _write(content: dict[str, object], path: Path) -> None:
    torch.save(content, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)


def load_generator(run: Path) -> tuple[Generator, int]:
    """The last saved weights of a run, with their step."""
    state = torch.load(run / "generator.pt", weights_only=True)
    model = Generator(GptSettings(), Tokenizer.from_str(state["tokenizer"]))
    model.gpt.load_state_dict(state["gpt"])
    model.t5.load_state_dict(state["t5"])
    return model.eval(), state["step"]
