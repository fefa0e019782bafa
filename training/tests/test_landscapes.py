"""Landscapes are whole, and windows of them teach each cell what it is asked for."""

from __future__ import annotations

import random
import unittest

import torch

from training.landscapes import CELL, HEIGHT, KINDS, LIGHT_CELLS, LIGHT_COLUMNS, ROWS, LandscapePainter, LandscapeSampler
from training.window_gpt import WindowSettings, place
from training.window_training import WideGrids, WindowTraining, take_windows


class LandscapesTest(unittest.TestCase):
    def test_should_put_things_onto_the_ground_and_inside_of_the_picture(self) -> None:
        sampler = LandscapeSampler(random.Random(3))

        for number in range(60):
            landscape = sampler.sample(40, number % len(KINDS))
            things = {emoji for emoji, _ in KINDS[landscape.kind].things}
            for sprite in landscape.sprites:
                self.assertTrue(sprite.row >= 0 and sprite.row + sprite.cells <= ROWS, sprite)
                self.assertTrue(sprite.column >= 0 and sprite.column + sprite.cells <= 40, sprite)
                if sprite.emoji in things:
                    below = landscape.near[sprite.column:sprite.column + sprite.cells + 1]
                    self.assertGreaterEqual((sprite.row + sprite.cells) * CELL, max(below), sprite)

    def test_should_have_one_light_which_the_first_window_shows_before_its_middle_column_ends(self) -> None:
        sampler = LandscapeSampler(random.Random(4))

        for number in range(60):
            landscape = sampler.sample(40, number % len(KINDS))
            lights = [sprite for sprite in landscape.sprites if sprite.emoji == KINDS[landscape.kind].light]
            self.assertEqual(1, len(lights))
            self.assertIn(lights[0].column, LIGHT_COLUMNS)
        self.assertLessEqual(LIGHT_COLUMNS.stop - 1 + LIGHT_CELLS, 9)

    def test_should_paint_each_kind_in_its_own_colours(self) -> None:
        painter, sampler = LandscapePainter(), LandscapeSampler(random.Random(5))

        pictures = [painter.paint(sampler.sample(20, kind)) for kind in range(len(KINDS))]

        self.assertEqual({(HEIGHT, 20 * CELL, 3)}, {picture.shape for picture in pictures})
        # Beside the light, which is at the left, the upper right corner of a picture shows sky or a cloud.
        self.assertEqual(len(KINDS), len({tuple(picture[0, 0]) + tuple(picture[-1, 0]) for picture in pictures}))


class WindowsTest(unittest.TestCase):
    def test_should_teach_the_columns_before_the_middle_by_first_windows_alone(self) -> None:
        number = torch.arange(3 * 4 * 12).view(3, 4, 12).to(torch.int16)
        settings = WindowTraining(run=None, minutes=0, network=WindowSettings(side=4), batch=200)

        kinds, windows, weights = take_windows(WideGrids(torch.tensor([5, 6, 7]), number), settings, random.Random(0))

        left = windows[:, 0] % 12
        self.assertEqual(set(range(9)), set(left.tolist()))
        self.assertEqual(kinds.tolist(), (5 + windows[:, 0] // 48).tolist())
        counted = weights.view(200, 4, 4).sum(dim=1)
        self.assertTrue((counted[left == 0] == 4).all())
        self.assertTrue((counted[left > 0][:, :2] == 0).all())
        self.assertTrue((counted[left > 0][:, 2:] > 0).all())

    def test_should_ask_for_the_middle_column_but_at_the_borders(self) -> None:
        self.assertEqual([0, 1, 2, 3, 4, 4, 4, 5, 6, 7], [place(cell, 10, 8) for cell in range(10)])


if __name__ == "__main__":
    unittest.main()
