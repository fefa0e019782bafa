"""Muse's networks fit the layout, are shown what they should be, and fill grids by the rules of the engine."""

from __future__ import annotations

import random
import sys
import unittest
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

from training.grids import GridPairs
from training.masking import Masking
from training.muse import Muse, MuseSettings, waves
from training.scenes import Placement, Scene, centred
from training.unmasking import Unmasking, fill
from training.vq import ImageTokenizer, VqSettings
from training.vq_model import as_vq_model

BASE = MuseSettings(side=4, layers=2, heads=2, width=32, hidden=48, codes=24, text_tokens=5, text_width=8)
FINE = MuseSettings(side=8, layers=2, heads=2, width=32, hidden=48, low_side=4, low_layers=1, codes=24, text_tokens=5, text_width=8)
REFERENCE = Path(__file__).parents[2] / "model-importer/src/test/python"


def random_muse(settings: MuseSettings) -> Muse:
    torch.manual_seed(0)
    model = Muse(settings).eval()
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.3)
    return model


class NetworkTest(unittest.TestCase):
    def test_should_give_the_logits_of_the_importers_reference(self) -> None:
        model, states, tokens = random_muse(BASE), torch.randn(2, 5, 8), torch.randint(25, (2, 16))
        sys.path.insert(0, str(REFERENCE))
        from reference_muse import Transformer

        reference = Transformer(width=32, layers=2, heads=2, hidden=48, codes=24, side=4, text=8)
        reference.load_state_dict(model.state_dict())

        logits = model(tokens, model.condition(states), torch.ones(2, 16, dtype=torch.bool))

        torch.testing.assert_close(logits.view(2, 16, 24), reference(tokens.view(2, 4, 4), states), atol=1e-4, rtol=1e-4)

    def test_should_not_care_in_which_order_cells_come(self) -> None:
        model, tokens = random_muse(FINE), torch.randint(25, (1, 64))
        condition = model.condition(torch.randn(1, 5, 8), torch.randint(24, (1, 16)))
        order, everywhere = torch.randperm(64)[None], torch.ones(1, 64, dtype=torch.bool)

        straight = model(tokens, condition, everywhere)
        mixed = model(tokens.gather(1, order), condition, everywhere, order)

        torch.testing.assert_close(mixed, straight[order[0]], atol=1e-4, rtol=1e-4)

    def test_should_let_near_places_of_both_grids_resemble_each_other(self) -> None:
        likeness = waves(8, 64) @ waves(4, 64).T

        below = likeness.argmax(dim=1).view(8, 8)

        expected = (torch.arange(8) // 2)[:, None] * 4 + torch.arange(8) // 2
        self.assertTrue(torch.equal(expected, below))


class MaskingTest(unittest.TestCase):
    def test_should_open_some_cells_of_each_grid_and_all_of_the_given_share(self) -> None:
        torch.manual_seed(0)

        share = Masking(empty_share=0.4).open_cells(2000, 1024).float().mean(dim=1)

        self.assertGreater(share.min().item(), 0)
        self.assertAlmostEqual(0.4, (share == 1).float().mean().item(), delta=0.06)
        self.assertAlmostEqual(2 / torch.pi, share[share < 1].mean().item(), delta=0.03)

    def test_should_show_true_tokens_and_masks_where_nobody_is_misled(self) -> None:
        tokens, open_cells = torch.randint(24, (8, 64)), torch.rand(8, 64) < 0.5

        shown = Masking(misled_share=1e-9).shown(tokens, open_cells, 24)

        self.assertTrue(torch.equal(tokens.masked_fill(open_cells, 24), shown))


class PairsTest(unittest.TestCase):
    def test_should_keep_fine_grids_true_and_mislead_by_coarse_ones(self) -> None:
        torch.manual_seed(0)
        scenes = [centred(i, 0) if i < 30 else Scene((Placement(i, 40, 12, 12),), 0) for i in range(40)]
        number = torch.arange(40, dtype=torch.int16)[:, None]
        pairs = GridPairs(scenes, number.repeat(1, 64), number.repeat(1, 16), misled_share=0.5)

        taken, fine, coarse = pairs.take(400, random.Random(0))

        self.assertEqual([scene.placements[0].object_index for scene in taken], fine[:, 0].tolist())
        self.assertAlmostEqual(0.5, (coarse != fine[:, :16]).any(dim=1).float().mean().item(), delta=0.1)


class UnmaskingTest(unittest.TestCase):
    def test_should_fill_the_surest_cells_first_and_all_in_the_end(self) -> None:
        sure = torch.linspace(9, 1, 16)[None, :, None] * F.one_hot(torch.arange(16) % 24, 24)
        seen = []

        def logits(tokens: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            seen.append(tokens[0] == 24)
            return sure, sure

        tokens = fill(logits, torch.full((1, 16), 24), 24, Unmasking(steps=4, top_k=1), seed=1)

        self.assertEqual(list(range(16)), tokens[0].tolist())
        self.assertEqual([16, 14, 11, 6], [int(cells.sum()) for cells in seen])
        self.assertEqual([False] * 10 + [True] * 6, seen[-1].tolist())

    def test_should_not_let_a_neighbour_change_a_picture(self) -> None:
        torch.manual_seed(3)
        told = 2 * torch.randn(2, 16, 24)
        settings = Unmasking(steps=5, guidance=2.0, temperature=1.0, top_k=10)

        together = fill(lambda tokens: (told, torch.zeros_like(told)), torch.full((2, 16), 24), 24, settings, seed=4)
        alone = fill(lambda tokens: (told[1:], torch.zeros(1, 16, 24)), torch.full((1, 16), 24), 24, settings, seed=4)

        self.assertTrue(torch.equal(together[1:], alone))

    def test_should_raise_guidance_from_none_and_lower_the_noise_to_none(self) -> None:
        settings = Unmasking(steps=5, guidance=3.0, temperature=2.0)

        self.assertEqual([1.0, 2.0, 3.0], [settings.guidance_at(step) for step in (0, 2, 4)])
        self.assertEqual([2.0, 1.0, 0.0], [settings.noise_at(step) for step in (0, 2, 4)])


class VqModelTest(unittest.TestCase):
    def test_should_take_pictures_from_0_to_1_at_both_ends(self) -> None:
        torch.manual_seed(0)
        model = ImageTokenizer(VqSettings(channels=8, multipliers=(1, 1), z_channels=8, plain=True, border=-1.0))
        seen: list[torch.Tensor] = []
        model.encoder.conv_blocks[0].register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0]))
        drawn: list[torch.Tensor] = []
        model.decoder.conv_out.register_forward_pre_hook(lambda _, inputs: drawn.append(inputs[0]))
        picture = torch.rand(1, 3, 8, 8)

        weights = as_vq_model(model.state_dict())

        model.encoder(2 * picture - 1)
        first = F.conv2d(picture, weights["encoder.conv_in.weight"], weights["encoder.conv_in.bias"], padding=1)
        torch.testing.assert_close(first, seen[0])
        pixels = model.decode(torch.randint(1024, (1, 16)))
        last = F.conv2d(drawn[0], weights["decoder.conv_out.weight"], weights["decoder.conv_out.bias"], padding=1)
        torch.testing.assert_close(2 * last - 1, pixels)

    def test_should_use_the_layouts_names_alone(self) -> None:
        model = ImageTokenizer(VqSettings(channels=8, multipliers=(1, 2), z_channels=8, plain=True))

        names = as_vq_model(model.state_dict())

        self.assertIn("decoder.up_blocks.0.upsamplers.0.conv.weight", names)
        self.assertIn("encoder.down_blocks.1.resnets.0.conv_shortcut.weight", names)
        self.assertIn("decoder.mid_block.resnets.1.norm2.bias", names)
        self.assertEqual([], [name for name in names if "conv_blocks" in name or ".mid." in name or "norm_out" in name.replace("conv_norm_out", "")])


if __name__ == "__main__":
    unittest.main()
