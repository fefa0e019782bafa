"""VAR's transformer (arXiv 2404.02905), with the tensor names of its published checkpoints, in a form made to train.

Shapes: B rows, L the tokens of all grids, C width, Z numbers a code vector, V the codebook.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .muse import waves
from .residual import ScaleQuantizer


@dataclass(frozen=True)
class VarSettings:
    """As in all published sizes the depth decides the width. The class is projected once for all layers, as in VAR-d36."""

    depth: int = 4
    sides: tuple[int, ...] = (1, 2, 4, 8, 16)
    classes: int = 164
    codes: int = 1024
    dimensions: int = 8

    @property
    def width(self) -> int:
        return 64 * self.depth

    @property
    def tokens(self) -> int:
        return sum(side * side for side in self.sides)


class Attention(nn.Module):
    """Queries and keys of unit length."""

    def __init__(self, s: VarSettings) -> None:
        super().__init__()
        self.heads = s.depth
        self.scale_mul_1H11 = nn.Parameter(torch.full((1, s.depth, 1, 1), math.log(4)))
        self.mat_qkv = nn.Linear(s.width, 3 * s.width, bias=False)
        self.q_bias, self.v_bias = nn.Parameter(torch.zeros(s.width)), nn.Parameter(torch.zeros(s.width))
        self.proj = nn.Linear(s.width, s.width)
        nn.init.zeros_(self.proj.weight)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, length, width = x.shape
        bias = torch.cat([self.q_bias, torch.zeros_like(self.q_bias), self.v_bias])
        q, k, v = F.linear(x, self.mat_qkv.weight, bias).view(b, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        sharpness = self.scale_mul_1H11.clamp(max=math.log(100)).exp()
        q, k = (F.normalize(q.float(), dim=-1) * sharpness).to(v.dtype), F.normalize(k.float(), dim=-1).to(v.dtype)
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=1.0)
        return self.proj(out.transpose(1, 2).reshape(b, length, width))


class FeedForward(nn.Module):
    def __init__(self, s: VarSettings) -> None:
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(s.width, 4 * s.width), nn.Linear(4 * s.width, s.width)
        nn.init.zeros_(self.fc2.weight)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


class Block(nn.Module):
    """Normalisation whose gain, factor and addend the class decides: the shared rows and a table of its own."""

    def __init__(self, s: VarSettings) -> None:
        super().__init__()
        self.attn, self.ffn = Attention(s), FeedForward(s)
        self.ada_gss = nn.Parameter(torch.zeros(1, 1, 6, s.width))
        with torch.no_grad():
            self.ada_gss[:, :, :2] = 1

    def forward(self, x: Tensor, rows: Tensor, mask: Tensor) -> Tensor:
        gain1, gain2, factor1, factor2, addend1, addend2 = (rows + self.ada_gss).to(x.dtype).unbind(2)
        x = x + gain1 * self.attn(plain_norm(x) * (1 + factor1) + addend1, mask)
        return x + gain2 * self.ffn(plain_norm(x) * (1 + factor2) + addend2)


class HeadNorm(nn.Module):
    def __init__(self, s: VarSettings) -> None:
        super().__init__()
        self.ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(s.width, 2 * s.width))
        _small(self.ada_lin[1])

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        factor, addend = self.ada_lin(condition).view(len(condition), 1, 2, -1).to(x.dtype).unbind(2)
        return plain_norm(x) * (1 + factor) + addend


class Var(nn.Module):
    def __init__(self, s: VarSettings = VarSettings()) -> None:
        super().__init__()
        self.settings = s
        self.word_embed = nn.Linear(s.dimensions, s.width)
        self.class_emb = nn.Embedding(s.classes + 1, s.width)
        self.pos_start = nn.Parameter(torch.zeros(1, 1, s.width))
        self.pos_1LC = nn.Parameter(torch.cat([waves(side, s.width) for side in s.sides])[None])
        self.lvl_embed = nn.Embedding(len(s.sides), s.width)
        nn.init.normal_(self.lvl_embed.weight, std=0.5)
        self.shared_ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(s.width, 6 * s.width))
        _small(self.shared_ada_lin[1])
        self.blocks = nn.ModuleList(Block(s) for _ in range(s.depth))
        self.head_nm, self.head = HeadNorm(s), nn.Linear(s.width, s.codes)
        nn.init.normal_(self.head.weight, std=0.02)
        levels = torch.cat([torch.full((side * side,), level) for level, side in enumerate(s.sides)])
        self.register_buffer("lvl_1L", levels[None])

    def forward(self, classes: Tensor, words: Tensor, places: Tensor | None = None) -> Tensor:
        """Logits [B, N, V] for classes [B], fed with ``words`` [B, N − 1, Z].

        ``places`` [N], when given, are the tokens that are fed, the first first; otherwise they are the first N of all.
        """
        condition = self.class_emb(classes)
        places = torch.arange(1 + words.shape[1]) if places is None else places
        levels = self.lvl_1L[0, places]
        x = torch.cat([(condition[:, None] + self.pos_start).to(words.dtype), self.word_embed(words)], dim=1)
        x = x + self.lvl_embed(levels) + self.pos_1LC[0, places]
        mask = torch.zeros(len(places), len(places)).masked_fill(levels[:, None] < levels[None], -torch.inf)
        rows = self.shared_ada_lin(condition).view(len(condition), 1, 6, -1)
        for block in self.blocks:
            x = block(x, rows, mask.to(x.dtype))
        return self.head(self.head_nm(x, condition))


def plain_norm(x: Tensor) -> Tensor:
    """Layer normalisation without parameters."""
    return F.layer_norm(x, x.shape[-1:], eps=1e-6)


def _small(layer: nn.Linear) -> None:
    """Begins with next to no influence of the class."""
    nn.init.normal_(layer.weight, std=0.01)
    nn.init.zeros_(layer.bias)


@torch.inference_mode()
def draw_scales(model: Var, quantizer: ScaleQuantizer, classes: Tensor, cfg: float, top_k: int, temperature: float,
                seed: int) -> Tensor:
    """Tokens [B, L] of classes [B], scale by scale; guidance grows from none at the coarsest to 1 + cfg at the finest."""
    generator, count = torch.Generator().manual_seed(seed), len(quantizer.sides)
    both = torch.cat([classes, torch.full_like(classes, model.settings.classes)])
    latent = torch.zeros(len(classes), model.settings.dimensions, quantizer.sides[-1], quantizer.sides[-1])
    words, drawn = torch.zeros(len(classes), 0, model.settings.dimensions), []
    for scale, side in enumerate(quantizer.sides):
        told, untold = model(both, words.repeat(2, 1, 1))[:, -side * side:].float().chunk(2)
        ramp = cfg * scale / (count - 1)
        logits = ((1 + ramp) * told - ramp * untold) / temperature
        shares = logits.masked_fill(logits < logits.topk(top_k).values[..., -1:], -torch.inf).softmax(dim=-1)
        ids = torch.multinomial(shares.flatten(0, 1), 1, generator=generator).view(len(classes), -1)
        drawn.append(ids)
        latent = quantizer.refine(latent, quantizer.embedding(ids), scale)
        if scale + 1 < count:
            words = torch.cat([words, quantizer.shrunk(latent, scale + 1)], dim=1)
    return torch.cat(drawn, dim=1)
