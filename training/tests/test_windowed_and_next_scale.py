"""The networks of both families give what the importer's references give, and export under the layouts' names."""

from __future__ import annotations

import sys
import unittest
from pathlib import Path

import torch
from torch import nn

from training.classes import load_classes
from training.objects import load_objects
from training.quality import ssim
from training.residual import ScaleQuantizer, phi_of_scales
from training.var import Var, VarSettings, draw_scales
from training.vq import ImageTokenizer, VqSettings
from training.vqgan import as_vqgan
from training.window_gpt import WindowGpt, WindowSettings, draw_windows

sys.path.insert(0, str(Path(__file__).parents[2] / "model-importer/src/test/python"))

SIDES = (1, 2, 3, 5)
SMALL_VAR = VarSettings(depth=2, sides=SIDES, classes=3, codes=24, dimensions=6)
SMALL_WINDOW = WindowSettings(layers=2, heads=2, width=24, vocabulary=20, side=4)
PLAIN = VqSettings(channels=32, multipliers=(1, 2, 2), z_channels=8, codebook_size=20, plain=True, groups=32)


def restless(model: nn.Module) -> nn.Module:
    """Random numbers in place of the zeros that training begins with."""
    torch.manual_seed(0)
    for parameter in model.parameters():
        nn.init.normal_(parameter, std=0.3)
    return model.eval()


class WindowTest(unittest.TestCase):
    def test_should_draw_panoramas_as_the_importers_reference_does(self) -> None:
        from reference_taming import Transformer, greedy

        model = restless(WindowGpt(SMALL_WINDOW))
        reference = Transformer(24, 2, 2, 20, 16)
        missing = reference.load_state_dict(model.state_dict(), strict=False)

        self.assertEqual([], [name for name in missing.missing_keys if not name.endswith("attn.mask")] + missing.unexpected_keys)
        expected, _ = greedy(reference, 4, 5, 9, torch.tensor(7))
        self.assertTrue(torch.equal(expected, draw_windows(model, torch.tensor([7]), 5, 9, 1, 1.0, seed=1)[0]))


class NextScaleTest(unittest.TestCase):
    def test_should_draw_as_the_importers_reference_does(self) -> None:
        from reference_var import Quantizer, Transformer, greedy

        model, quantizer = restless(Var(SMALL_VAR)), restless(ScaleQuantizer(SIDES, 24, 6))
        transformer = Transformer(128, 2, 2, 24, 6, 3, SIDES, shared=True)
        missing = transformer.load_state_dict(model.state_dict(), strict=False)
        tokenizer = nn.Module()
        tokenizer.quantize = Quantizer(24, 6, SIDES)
        tokenizer.quantize.load_state_dict(quantizer.state_dict(), strict=False)

        self.assertEqual([], missing.unexpected_keys)
        self.assertEqual(["attn_bias_for_masking"], [name for name in missing.missing_keys if not name.endswith("zero_k_bias")])
        expected, *_ = greedy(transformer.eval(), tokenizer, 2, 1.5)
        self.assertEqual(expected, draw_scales(model, quantizer, torch.tensor([2]), 1.5, 1, 1.0, seed=1)[0].tolist())

    def test_should_feed_what_the_tokens_before_make(self) -> None:
        quantizer = restless(ScaleQuantizer(SIDES, 24, 6))
        truth = torch.randn(2, 6, 5, 5)

        with torch.no_grad():
            tokens, fed = quantizer.encode(truth)
            latent = quantizer.refine(torch.zeros_like(truth), quantizer.embedding(tokens[:, :1]), 0)
            latent = quantizer.refine(latent, quantizer.embedding(tokens[:, 1:5]), 1)

        torch.testing.assert_close(fed[:, 4:13], quantizer.shrunk(latent, 2))

    def test_should_keep_coarse_logits_when_the_finest_grid_is_thin(self) -> None:
        model, words = restless(Var(SMALL_VAR)), torch.randn(2, 38, 6)
        places = torch.tensor([*range(14), 20, 33])

        with torch.no_grad():
            whole, thin = model(torch.tensor([0, 1]), words), model(torch.tensor([0, 1]), words[:, places[1:] - 1], places)

        torch.testing.assert_close(thin[:, :14], whole[:, :14], atol=1e-4, rtol=1e-4)

    def test_should_make_up_for_wrong_tokens(self) -> None:
        torch.manual_seed(1)
        quantizer = restless(ScaleQuantizer(SIDES, 24, 6))
        truth = torch.randn(64, 6, 5, 5)

        with torch.no_grad():
            right, misled = quantizer.encode(truth)[1], quantizer.encode(truth, misled_share=0.5)[1]

        changed = (right != misled).flatten(1).any(dim=1).float().mean().item()
        self.assertTrue(0.2 < changed <= 0.7, changed)

    def test_should_choose_the_published_convolutions(self) -> None:
        self.assertEqual([0, 0, 1, 1, 1, 2, 2, 3, 3, 3], phi_of_scales(10, 4))


class ClassesTest(unittest.TestCase):
    def test_should_name_objects_first_and_then_their_groups(self) -> None:
        classes = load_classes()

        self.assertEqual(len(load_objects()), len(classes.members))
        self.assertEqual(len(set(classes.names)), len(classes.names))
        self.assertEqual("any of animals", classes.names[classes.group_of(classes.names.index("penguin"))])
        self.assertEqual("any of food and drink", classes.names[classes.group_of(classes.names.index("slice of pizza"))])


class VqganTest(unittest.TestCase):
    def test_should_decode_as_the_importers_reference_does(self) -> None:
        from reference_taming import Decoder

        model = restless(ImageTokenizer(PLAIN))
        state = as_vqgan(model.state_dict(), PLAIN, fused=False)
        decoder = Decoder([32, 64, 64], 8)
        decoder.up[2].attn = nn.ModuleList()
        decoder.load_state_dict({name.removeprefix("decoder."): value for name, value in state.items() if name.startswith("decoder.")})
        latent = torch.randn(1, 8, 3, 4)

        with torch.no_grad():
            torch.testing.assert_close(decoder(latent), model.decoder(latent), atol=1e-4, rtol=1e-4)


class SsimTest(unittest.TestCase):
    def test_should_be_one_for_equal_pictures_and_follow_the_formula_for_plain_ones(self) -> None:
        picture = torch.rand(2, 3, 20, 20)

        torch.testing.assert_close(ssim(picture, picture), torch.ones(2))
        plain = ssim(torch.full((1, 3, 20, 20), 0.2), torch.full((1, 3, 20, 20), 0.6)).item()
        self.assertAlmostEqual((2 * 0.12 + 4e-4) / (0.04 + 0.36 + 4e-4), plain, places=3)


if __name__ == "__main__":
    unittest.main()
