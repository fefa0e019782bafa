"""The networks keep the rules that an independent engine runs them by."""

from __future__ import annotations

import unittest

import torch
from torch import nn

from training.gpt import Gpt, GptSettings, causal_mask, rotary_tables
from training.misleading import mislead
from training.naming import judge
from training.norm import GroupNorm
from training.t5 import roll_right
from training.vq import ImageTokenizer, VqSettings

SMALL = GptSettings(layers=2, heads=2, width=32, vocabulary=24, caption_tokens=5, caption_width=8, side=3)


def random_gpt() -> Gpt:
    torch.manual_seed(0)
    gpt = Gpt(SMALL).eval()
    for parameter in gpt.parameters():
        if parameter.dim() == 2:
            nn.init.normal_(parameter, std=0.3)
    return gpt


class GroupNormTest(unittest.TestCase):
    def test_should_give_the_values_and_gradients_of_the_library(self) -> None:
        torch.manual_seed(0)
        expected, actual = nn.GroupNorm(8, 32, eps=1e-6), GroupNorm(8, 32, eps=1e-6)
        nn.init.normal_(expected.weight)
        actual.load_state_dict(expected.state_dict())
        first = torch.randn(2, 32, 6, 6, requires_grad=True)
        second = first.detach().clone().contiguous(memory_format=torch.channels_last).requires_grad_()
        slope = torch.randn(2, 32, 6, 6)

        expected(first).backward(slope)
        actual(second).backward(slope)

        torch.testing.assert_close(actual(second), expected(first), atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(second.grad, first.grad, atol=1e-5, rtol=1e-4)
        torch.testing.assert_close(actual.weight.grad, expected.weight.grad, atol=1e-4, rtol=1e-4)


class PatchEncoderTest(unittest.TestCase):
    def test_should_give_an_object_the_same_tokens_wherever_it_stands_on_whatever_colour(self) -> None:
        torch.manual_seed(0)
        model = ImageTokenizer(VqSettings(channels=8, multipliers=(1, 1, 1), z_channels=8))
        thing = torch.rand(3, 24, 24) * 2 - 1
        first, second = torch.full((1, 3, 64, 64), -0.5), torch.full((1, 3, 64, 64), 0.8)
        first[0, :, 8:32, 8:32], second[0, :, 28:52, 12:36] = thing, thing

        one, other = model.encode(first).view(16, 16), model.encode(second).view(16, 16)

        self.assertTrue(torch.equal(one[3:7, 3:7], other[8:12, 4:8]))
        self.assertEqual(1, len(one[10:].unique()))


class GptTest(unittest.TestCase):
    def test_should_sample_from_the_logits_that_training_sees(self) -> None:
        gpt, states = random_gpt(), torch.randn(2, 5, 8)
        valid = torch.tensor([[False, False, True, True, True], [True] * 5])
        keep = torch.zeros(2, dtype=torch.bool)
        prefix = gpt.prefix(states, valid, keep)

        both = torch.cat([prefix, gpt.prefix(states, valid, ~keep)])
        tokens = gpt.generate(both, valid.repeat(2, 1), 1.0, 1, 1.0, seed=1).clone()

        self.assertTrue(torch.equal(gpt(prefix, valid, tokens).argmax(-1), tokens))

    def test_should_not_let_a_neighbour_change_a_picture(self) -> None:
        gpt, states, valid = random_gpt(), torch.randn(2, 5, 8), torch.ones(2, 5, dtype=torch.bool)
        keep = torch.zeros(2, dtype=torch.bool)
        conditional, unconditional = gpt.prefix(states, valid, keep), gpt.prefix(states, valid, ~keep)

        together = gpt.generate(torch.cat([conditional, unconditional]), valid.repeat(2, 1), 3.0, 10, 1.0, seed=4)
        alone = gpt.generate(torch.cat([conditional[:1], unconditional[:1]]), valid, 3.0, 10, 1.0, seed=4)

        self.assertTrue(torch.equal(together[:1], alone))

    def test_should_hide_pads_but_let_them_see_themselves(self) -> None:
        mask = causal_mask(torch.tensor([[False, True]]), 4)[0, 0]

        expected = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 1, 1, 1]]
        self.assertEqual(expected, mask.int().tolist())

    def test_should_turn_nothing_in_the_prefix(self) -> None:
        cos, sin = rotary_tables(SMALL)

        self.assertEqual(0.0, float(cos[:5].abs().sum() + sin[:5].abs().sum()))
        self.assertEqual(1.0, float(cos[5].min()))


class MisleadingTest(unittest.TestCase):
    def test_should_mislead_in_the_given_share_of_the_rows_by_strewn_tokens_and_by_runs(self) -> None:
        torch.manual_seed(0)
        rows, cells = 4000, 64
        tokens = torch.arange(rows)[:, None].repeat(1, cells)

        fed = mislead(tokens, 0.4)

        wrong = fed != tokens
        self.assertAlmostEqual(0.4, wrong.any(dim=1).float().mean().item(), delta=0.03)
        one_other = wrong.any(dim=1) & ((fed == tokens.roll(1, dims=0)) | ~wrong).all(dim=1)
        self.assertAlmostEqual(0.2, one_other.float().mean().item(), delta=0.03)
        edges = (wrong[one_other][:, 1:] != wrong[one_other][:, :-1]).sum(dim=1)
        self.assertLessEqual(edges.max().item(), 2)


class NamingTest(unittest.TestCase):
    def test_should_tell_the_drawn_from_the_named_and_the_wrong(self) -> None:
        truth = torch.tensor([[0, 0, 0, 1, 2, 3], [0, 0, 0, 4, 5, 6], [0, 0, 0, 7, 8, 9]])
        drawn, faint, wrong = [0, 0, 0, 1, 2, 9], [0, 0, 0, 4, 1, 1], [0, 0, 0, 4, 5, 9]

        named, right = judge(torch.tensor([drawn, faint, wrong]), truth)

        self.assertEqual([True, True, False], named.tolist())
        self.assertEqual([True, False, False], right.tolist())


class PaddingTest(unittest.TestCase):
    def test_should_move_pads_to_the_front(self) -> None:
        states = torch.tensor([[[1.0], [2.0], [0.0]]])

        rolled = roll_right(states, torch.tensor([[True, True, False]]))

        self.assertEqual([0.0, 1.0, 2.0], rolled.flatten().tolist())


if __name__ == "__main__":
    unittest.main()
