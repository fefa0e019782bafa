"""The course that the training of a transformer takes, whatever its losses are: it is over when its minutes are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import torch
from torch import Tensor, nn

from . import distributed
from .averaging import WeightAverage
from .log import Log
from .progress import Progress, staying_then_falling, write_whole

State = dict[str, Tensor]


class Course(Protocol):
    """The rate rises over ``warm_up`` steps, stays, and falls to zero over the last ``decay_share`` of the minutes.

    ``batch`` is one rank's.
    """

    run: Path
    minutes: float
    batch: int
    ranks: int
    seed: int
    warm_up: int
    decay_share: float
    save_minutes: float


def whole(state: State) -> dict[str, object]:
    """One model in the file."""
    return {"model": state}


class TimedRun:
    """One rank's part of a training, a context of ``distributed.launch``.

    Goes on from ``<name>-state.pt`` in the folder of the run if there is one. Writes ``<name>.jsonl``, and as it goes
    ``<name>.pt``: what ``parts`` makes of the averaged weights, with the step.
    """

    def __init__(self, rank: int, name: str, course: Course, model: nn.Module, optimizers: Sequence[torch.optim.Optimizer],
                 parts: Callable[[State], dict[str, object]] = whole) -> None:
        self._rank, self._course, self._parts = rank, course, parts
        self._parameters = list(model.parameters())
        self._progress = Progress(course.run / f"{name}-state.pt", model, optimizers, WeightAverage(model, 0.995))
        self._progress.resume()
        self._weights = course.run / f"{name}.pt"
        self._log = Log(course.run / f"{name}.jsonl", rank, every=20)
        self.rng = random.Random(f"{course.seed} {rank} {self.taken}")

    @property
    def taken(self) -> int:
        """Steps so far, those of earlier processes among them."""
        return self._progress.step

    def seed_torch(self) -> None:
        """PyTorch's random numbers become this rank's own, and others than before a resumption."""
        torch.manual_seed(1000 * self.taken + self._rank)

    def steps(self) -> Iterator[float]:
        """One after another, to be taken by ``descend`` and told to ``log``, with the share of the minutes that has passed."""
        progress, course = self._progress, self._course
        seconds = 60 * course.minutes
        clock = distributed.SharedClock(seconds, progress.seconds)
        saved = progress.seconds
        while progress.seconds < seconds:
            done = progress.seconds / seconds
            progress.set_rates(staying_then_falling(progress.step, done, course.warm_up, course.decay_share))
            yield done
            progress.advance(clock.elapsed())
            if progress.seconds - saved > 60 * course.save_minutes:
                saved = progress.seconds
                self._save()
        self._save()

    def descend(self, loss: Tensor) -> None:
        """The step itself."""
        distributed.descend(loss, self._parameters, self._progress.optimizers, longest=5.0)

    def log(self, loss: Tensor, **figures: float) -> None:
        """What the step that is being taken is remembered by."""
        step = self.taken + 1
        self._log.add(step, loss.item(), **figures, samples=step * self._course.batch * self._course.ranks)

    def _save(self) -> None:
        if self._rank == 0:
            self._progress.save()
            write_whole({**self._parts(self._progress.average.state), "step": self.taken}, self._weights)
