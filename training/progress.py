"""The state of a training run that a later process needs to go on."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from .averaging import WeightAverage


class Progress:
    """A model with its optimizers, averaged weights, steps and seconds, kept in one file."""

    def __init__(self, path: Path, model: nn.Module, optimizers: Sequence[torch.optim.Optimizer], average: WeightAverage):
        self._path, self._model, self.optimizers, self.average = path, model, optimizers, average
        self._base_rates = [optimizer.param_groups[0]["lr"] for optimizer in optimizers]
        self.step, self.seconds = 0, 0.0

    def set_rates(self, factor: float) -> None:
        """Every optimizer's own rate times ``factor``."""
        for optimizer, rate in zip(self.optimizers, self._base_rates):
            optimizer.param_groups[0]["lr"] = rate * factor

    def advance(self, seconds: float) -> None:
        """Takes in that the optimizers made a step."""
        self.average.update(self._model)
        self.step, self.seconds = self.step + 1, seconds

    def save(self) -> None:
        """Writes the whole state, or leaves the last one."""
        write_whole({"model": self._model.state_dict(), "optimizers": [o.state_dict() for o in self.optimizers],
                     "average": self.average.saved(), "step": self.step, "seconds": self.seconds}, self._path)

    def resume(self) -> None:
        """Goes on from the saved state, if there is one."""
        if not self._path.exists():
            return
        state = torch.load(self._path, weights_only=True)
        self._model.load_state_dict(state["model"])
        for optimizer, saved in zip(self.optimizers, state["optimizers"]):
            optimizer.load_state_dict(saved)
        self.average.restore(state["average"])
        self.step, self.seconds = state["step"], state["seconds"]


def write_whole(content: dict[str, object], path: Path) -> None:
    """Saves ``content``; a reader finds the old file or the new one."""
    torch.save(content, path.with_suffix(".tmp"))
    os.replace(path.with_suffix(".tmp"), path)


def staying_then_falling(step: int, done: float, warm_up: int, decay_share: float) -> float:
    """What learning rates are multiplied with: rising over the first steps, 1, and over the last share falling to 0."""
    return min(1.0, (step + 1) / warm_up, max(0.0, (1 - done) / decay_share))
