"""The figures of an evaluation, on values that can be worked out by hand."""

from __future__ import annotations

import unittest

import torch

from training.evaluate import held_out, shown
from training.judging import diversity, frechet_distance


class RequestsTest(unittest.TestCase):
    def test_should_ask_for_what_training_never_shows_and_for_what_it_shows(self) -> None:
        unseen, seen = held_out(200), shown(200)

        self.assertTrue(all(request.scene.is_held_out() for request in unseen))
        self.assertFalse(any(request.scene.is_held_out() for request in seen))
        self.assertEqual(158, len({request.thing for request in unseen}))
        self.assertEqual(unseen, held_out(200))

    def test_should_say_the_ground_unless_it_is_white(self) -> None:
        self.assertTrue(all(request.prompt.count(" ") >= 2 for request in held_out(50)))
        self.assertTrue(any("background" in request.prompt for request in shown(50)))


class FiguresTest(unittest.TestCase):
    def test_should_give_the_frechet_distance_of_two_normal_distributions(self) -> None:
        torch.manual_seed(0)
        rows = torch.randn(4000, 3, dtype=torch.double)
        rows = (rows - rows.mean(0)) @ torch.linalg.inv(torch.linalg.cholesky(torch.cov(rows.T))).T

        self.assertAlmostEqual(0, frechet_distance(rows, rows.flip(0)), places=8)
        self.assertAlmostEqual(3 * (2 - 1) ** 2 + 3 * 0.5**2, frechet_distance(rows, 2 * rows + 0.5), places=8)

    def test_should_measure_how_much_seeds_differ(self) -> None:
        black, white = -torch.ones(3, 4, 4), torch.ones(3, 4, 4)

        self.assertAlmostEqual(0, diversity(torch.stack([white, white])[None]))
        self.assertAlmostEqual(1, diversity(torch.stack([white, black])[None]))
        self.assertAlmostEqual(2 / 3, diversity(torch.stack([white, white, black])[None]), places=6)


if __name__ == "__main__":
    unittest.main()
