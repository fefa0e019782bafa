"""A training goes on where an earlier process has left it."""

from __future__ import annotations

import tempfile
import unittest
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import nn

from training import distributed
from training.timed_run import TimedRun


@dataclass(frozen=True)
class Short:
    """So short that only one step begins before its end."""

    run: Path
    minutes: float = 1e-9
    batch: int = 1
    ranks: int = 2
    seed: int = 0
    warm_up: int = 1
    decay_share: float = 0.4
    save_minutes: float = 3


def train(rank: int, course: Short) -> None:
    """Notes the random numbers of each part."""
    model = nn.Linear(3, 1)
    run = TimedRun(rank, "line", course, model, [torch.optim.SGD(model.parameters(), lr=0.1)])
    run.seed_torch()
    (course.run / f"{rank}-{run.taken}").write_text(f"{run.rng.random()} {torch.rand(1).item()}")
    for _ in run.steps():
        loss = model(torch.ones(1, 3)).square().mean()
        run.descend(loss)
        run.log(loss)


class TimedRunTest(unittest.TestCase):
    def test_should_go_on_with_the_steps_and_the_time_of_an_earlier_process(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            course = Short(Path(folder))

            distributed.launch(train, course.ranks, course)
            first = torch.load(course.run / "line-state.pt", weights_only=True)
            later = replace(course, minutes=first["seconds"] / 60 + 1e-9)
            distributed.launch(train, course.ranks, later)

            self.assertEqual(1, first["step"])
            self.assertEqual(2, torch.load(course.run / "line.pt", weights_only=True)["step"])
            second = torch.load(course.run / "line-state.pt", weights_only=True)
            self.assertGreater(second["seconds"], first["seconds"])
            self.assertFalse(torch.equal(first["model"]["weight"], second["model"]["weight"]))

    def test_should_draw_other_numbers_in_each_rank_and_part(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            course = Short(Path(folder))

            distributed.launch(train, course.ranks, course)
            seconds = torch.load(course.run / "line-state.pt", weights_only=True)["seconds"]
            distributed.launch(train, course.ranks, replace(course, minutes=seconds / 60 + 1e-9))

            numbers = [(course.run / f"{rank}-{taken}").read_text().split() for rank in range(2) for taken in range(2)]
            for kind in zip(*numbers):
                self.assertEqual(4, len(set(kind)), kind)


if __name__ == "__main__":
    unittest.main()
