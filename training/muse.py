"""Muse's transformers in Tessera's own checkpoint layout (docs/adr/0009), in a form made to train.

The base network fills a grid of image tokens from a text; the super-resolution network fills a finer grid from a text and
the coarse grid. Both are the same layers with another condition.

Shapes: B rows, T text positions, D text width, S cells, C width, V codes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class MuseSettings:
    """Dimensions of one network; ``low_side`` is the side of the coarse grid, 0 for the base network, which has none."""

    side: int
    layers: int
    heads: int
    width: int
    hidden: int
    low_side: int = 0
    low_layers: int = 0
    codes: int = 1024
    text_tokens: int = 16
    text_width: int = 128

    @property
    def cells(self) -> int:
        return self.side**2

    @property
    def mask(self) -> int:
        """The token that says that a cell is open."""
        return self.codes


def linear(source: int, target: int) -> nn.Linear:
    return nn.Linear(source, target, bias=False)


class RmsNorm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.weight.shape, self.weight.to(x.dtype), 1e-6)


class Attention(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v, self.to_out = (linear(width, width) for _ in range(4))

    def forward(self, x: Tensor, source: Tensor) -> Tensor:
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2)
                   for part in (self.to_q(x), self.to_k(source), self.to_v(source)))
        return self.to_out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))


class FeedForward(nn.Module):
    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate, self.up, self.down = linear(width, hidden), linear(width, hidden), linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.gelu(self.gate(x)) * self.up(x))


class LowLayer(nn.Module):
    """Self-attention and feed-forward, over the cells of the coarse grid."""

    def __init__(self, s: MuseSettings) -> None:
        super().__init__()
        self.norm1, self.norm2 = RmsNorm(s.width), RmsNorm(s.width)
        self.add_module("self", Attention(s.width, s.heads))
        self.ff = FeedForward(s.width, s.hidden)

    def forward(self, x: Tensor) -> Tensor:
        own = self.norm1(x)
        x = x + self.get_submodule("self")(own, own)
        return x + self.ff(self.norm2(x))


class Layer(nn.Module):
    """Self-attention, attention to the condition and feed-forward."""

    def __init__(self, s: MuseSettings) -> None:
        super().__init__()
        self.norm1, self.norm2, self.norm3 = RmsNorm(s.width), RmsNorm(s.width), RmsNorm(s.width)
        self.add_module("self", Attention(s.width, s.heads))
        self.cross = Attention(s.width, s.heads)
        self.ff = FeedForward(s.width, s.hidden)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        own = self.norm1(x)
        x = x + self.get_submodule("self")(own, own)
        x = x + self.cross(self.norm2(x), condition)
        return x + self.ff(self.norm3(x))


class Embedding(nn.Module):
    """A vector for each token and one for each cell of a grid; places begin as waves of row and column."""

    def __init__(self, tokens: int, side: int, width: int, scale: float = 0.3) -> None:
        super().__init__()
        self.tokens, self.positions = nn.Embedding(tokens, width), nn.Embedding(side**2, width)
        with torch.no_grad():
            self.tokens.weight.normal_(std=scale)
            self.positions.weight.copy_(scale * 2**0.5 * waves(side, width))

    def forward(self, tokens: Tensor, cells: Tensor | None = None) -> Tensor:
        """[B, S, C] of tokens [B, S], which stand in all cells or in ``cells`` [B, S]."""
        return self.tokens(tokens) + (self.positions.weight if cells is None else self.positions(cells))


class LowResolution(Embedding):
    """States of the coarse grid."""

    def __init__(self, s: MuseSettings) -> None:
        super().__init__(s.codes, s.low_side, s.width)
        self.layers = nn.ModuleList(LowLayer(s) for _ in range(s.low_layers))
        if s.low_layers > 0:
            self.norm = RmsNorm(s.width)

    def forward(self, tokens: Tensor, cells: Tensor | None = None) -> Tensor:
        x = super().forward(tokens, cells)
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) if len(self.layers) > 0 else x


class Muse(nn.Module):
    """One network: the base one, or the super-resolution one where the settings have a coarse grid."""

    def __init__(self, settings: MuseSettings) -> None:
        super().__init__()
        s = self.settings = settings
        self.embed = Embedding(s.codes + 1, s.side, s.width)
        if s.low_side > 0:
            self.low = LowResolution(s)
        self.text = linear(s.text_width, s.width)
        self.layers = nn.ModuleList(Layer(s) for _ in range(s.layers))
        self.norm, self.head = RmsNorm(s.width), linear(s.width, s.codes)
        self._initialise()

    def _initialise(self) -> None:
        """Small weights into the residual stream, the text as loud as what it meets, and attention that looks near.

        Queries and keys begin with equal matrices, so that the waves of two places match the better the nearer they are.
        """
        for name, parameter in self.named_parameters():
            if name.endswith(("to_out.weight", "down.weight")):
                nn.init.normal_(parameter, std=0.02 / (2 * self.settings.layers) ** 0.5)
            elif name == "head.weight":
                nn.init.normal_(parameter, std=0.02)
            elif parameter.dim() == 2 and "embed" not in name and not name.startswith(("low.tokens", "low.positions")):
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)
        for module in self.modules():
            if isinstance(module, Attention):
                module.to_q.weight.data.copy_(module.to_k.weight.data)

    def condition(self, states: Tensor, low: Tensor | None = None) -> Tensor:
        """What the cross-attentions see: text states [B, T, D], and the coarse grid's tokens [B, S'] where there is one."""
        text = self.text(states)
        return text if low is None else torch.cat([text, self.low(low)], dim=1)

    def forward(self, tokens: Tensor, condition: Tensor, wanted: Tensor, cells: Tensor | None = None) -> Tensor:
        """Logits [N, V] of the cells for which ``wanted`` [B, S] is true, in order.

        ``tokens`` [B, S] stand in all cells, or in ``cells`` [B, S] where the others are left out.
        """
        x = self.embed(tokens, cells)
        for layer in self.layers:
            x = layer(x, condition)
        return self.head(self.norm(x[wanted]))


def waves(side: int, width: int) -> Tensor:
    """[side², width]: sines and cosines of row and column at wave lengths from a fifth to four times the picture.

    They depend on the place in the picture alone: grids of different sides agree.
    """
    count = width // 4
    turns = 5.0 * 20.0 ** (-torch.arange(count) / max(1, count - 1))
    place = (torch.arange(side) + 0.5) / side
    angles = 2 * math.pi * place[:, None] * turns
    line = torch.cat([angles.sin(), angles.cos()], dim=1)
    shape = (side, side, 2 * count)
    both = torch.cat([line[:, None].expand(shape), line[None].expand(shape)], dim=-1)
    return F.pad(both.reshape(side**2, 4 * count), (0, width - 4 * count))
