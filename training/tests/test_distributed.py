"""Ranks take their steps together."""

from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import torch
from torch import nn

from training import distributed


def descend_twice(rank: int, folder: str) -> None:
    """The ranks' losses slope by 10 and by 20; the second step is cut to a length of 1."""
    position = nn.Parameter(torch.tensor(100.0))
    optimizer = torch.optim.SGD([position], lr=1.0)
    stops = []
    for longest in (None, 1.0):
        distributed.descend(10 * (rank + 1) * position, [position], [optimizer], longest)
        stops.append(position.item())
    (Path(folder) / str(rank)).write_text(" ".join(f"{stop:.2f}" for stop in stops))


def fail_in_the_second(rank: int) -> None:
    if rank == 1:
        raise ValueError("the second rank fails")


class LaunchTest(unittest.TestCase):
    def test_should_fail_where_a_rank_does(self) -> None:
        with self.assertRaisesRegex(torch.multiprocessing.ProcessRaisedException, "the second rank fails"):
            distributed.launch(fail_in_the_second, 2)


class DescendTest(unittest.TestCase):
    def test_should_take_all_ranks_down_the_mean_slope_and_no_further_than_allowed(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            distributed.launch(descend_twice, 2, folder)

            stops = [(Path(folder) / str(rank)).read_text() for rank in range(2)]

        self.assertEqual(["85.00 84.00", "85.00 84.00"], stops)


if __name__ == "__main__":
    unittest.main()
