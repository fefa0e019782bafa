"""Muse's transformers in Tessera's own layout in plain PyTorch, for reference values.

Everything is worked out anew at every step; what the cross-attentions see of a row is not kept from one to the next.
"""

import torch
import torch.nn.functional as F
from reference_masked import RMSNorm, linear
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v, self.to_out = (linear(width, width) for _ in range(4))

    def forward(self, x, source):
        q, k, v = self.to_q(x), self.to_k(source), self.to_v(source)
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (q, k, v))
        shares = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(-1)
        return self.to_out((shares @ v).transpose(1, 2).flatten(-2))


class FeedForward(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.gate, self.up, self.down = linear(width, hidden), linear(width, hidden), linear(hidden, width)

    def forward(self, x):
        return self.down(F.gelu(self.gate(x)) * self.up(x))


class Layer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = RMSNorm(width), RMSNorm(width), RMSNorm(width)
        # "self" is the name of the tensors.
        self.add_module("self", Attention(width, heads))
        self.cross = Attention(width, heads)
        self.ff = FeedForward(width, hidden)

    def forward(self, x, text):
        own = self.norm1(x)
        x = x + getattr(self, "self")(own, own)
        x = x + self.cross(self.norm2(x), text)
        return x + self.ff(self.norm3(x))


class Transformer(nn.Module):
    """tokens [B, h, w] and text states [B, T, D] -> logits [B, h * w, codes]."""

    def __init__(self, width, layers, heads, hidden, codes, side, text):
        super().__init__()
        self.embed = nn.Module()
        self.embed.tokens, self.embed.positions = nn.Embedding(codes + 1, width), nn.Embedding(side * side, width)
        self.text = linear(text, width)
        self.layers = nn.ModuleList(Layer(width, heads, hidden) for _ in range(layers))
        self.norm, self.head = RMSNorm(width), linear(width, codes)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2 and "embed" not in name:
                nn.init.normal_(parameter, std=1.2 / parameter.shape[1] ** 0.5)
        nn.init.normal_(self.head.weight, std=3 / width**0.5)

    def condition(self, states):
        return self.text(states)

    def forward(self, tokens, *condition):
        text = self.condition(*condition)
        x = self.embed.tokens(tokens.flatten(1)) + self.embed.positions.weight
        for layer in self.layers:
            x = layer(x, text)
        return self.head(self.norm(x))


class LowLayer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1, self.norm2 = RMSNorm(width), RMSNorm(width)
        self.add_module("self", Attention(width, heads))
        self.ff = FeedForward(width, hidden)

    def forward(self, x):
        own = self.norm1(x)
        x = x + getattr(self, "self")(own, own)
        return x + self.ff(self.norm2(x))


class LowResolution(nn.Module):
    """base tokens [B, h, w] -> [B, h * w, C]."""

    def __init__(self, width, layers, heads, hidden, codes, side):
        super().__init__()
        self.tokens, self.positions = nn.Embedding(codes, width), nn.Embedding(side * side, width)
        self.layers = nn.ModuleList(LowLayer(width, heads, hidden) for _ in range(layers))
        if layers > 0:
            self.norm = RMSNorm(width)

    def forward(self, base):
        x = self.tokens(base.flatten(1)) + self.positions.weight
        for layer in self.layers:
            x = layer(x)
        return self.norm(x) if len(self.layers) > 0 else x


class SuperResolution(Transformer):
    """Attends to the text and, behind it, to the base grid: tokens [B, H, W], states [B, T, D], base tokens [B, h, w]."""

    def __init__(self, base, **fine):
        super().__init__(**fine)
        self.low = LowResolution(width=fine["width"], heads=fine["heads"], **base)
        for name, parameter in self.low.layers.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=1.2 / parameter.shape[1] ** 0.5)

    def condition(self, states, base):
        return torch.cat([self.text(states), self.low(base)], dim=1)
