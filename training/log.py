"""A log of losses, one JSON object a line."""

from __future__ import annotations

import json
import time
from pathlib import Path


class Log:
    """Rank 0 writes the mean loss of every ``every`` steps, in the beginning of fewer; the other ranks write nothing."""

    def __init__(self, path: Path, rank: int, every: int) -> None:
        self._file = path.open("a", encoding="utf-8") if rank == 0 else None
        self._every = every
        self._start = time.monotonic()
        self._losses: list[float] = []

    def add(self, step: int, loss: float, **figures: float) -> None:
        """Takes in one step."""
        self._losses.append(loss)
        if len(self._losses) < (self._every if step > self._every else self._every // 4):
            return
        mean = sum(self._losses) / len(self._losses)
        self._losses.clear()
        if self._file is not None:
            line = {"step": step, "seconds": round(time.monotonic() - self._start), "loss": round(mean, 4), **figures}
            print(json.dumps(line), file=self._file, flush=True)


    def trial(self, loss: float) -> None:
        """Takes in the loss of pictures that are the same each time: where steps differ by more than is learnt from one to the next."""
        if self._file is not None:
            print(json.dumps({"trial": round(loss, 5)}), file=self._file, flush=True)


def losses(path: Path) -> list[float]:
    """The losses of a log's trials, or else the mean losses of its steps, in order."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [line["trial"] for line in lines if "trial" in line] or [line["loss"] for line in lines]
