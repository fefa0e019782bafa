"""LlamaGen's class-conditional transformer and its sampling loop in PyTorch, as the authors run them.

Written from the paper and the published layout, to be timed against: eager mode, a key/value cache of full length that
every step attends over, guidance by doubling the batch, sampling inside the loop. Two costs of the published loop are
kept by default: PyTorch's fused attention is switched off for the decode steps, and keys and values are repeated for
grouped queries also where there are none, which copies the cache. ``fused`` leaves both out.
Shapes: B rows, H heads, D width, M cache length.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel


@dataclass(frozen=True)
class Dimensions:
    layers: int = 12
    heads: int = 12
    width: int = 768
    vocabulary: int = 16384
    classes: int = 1000
    side: int = 16

    @property
    def hidden(self) -> int:
        return 256 * math.ceil(int(2 * 4 * self.width / 3) / 256)


GPT_B = Dimensions()


class RmsNorm(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        x32 = x.float()
        return (x32 * torch.rsqrt(x32.pow(2).mean(-1, keepdim=True) + 1e-5)).type_as(x) * self.weight


class Attention(nn.Module):
    def __init__(self, d: Dimensions):
        super().__init__()
        self.heads = d.heads
        self.wqkv = nn.Linear(d.width, 3 * d.width, bias=False)
        self.wo = nn.Linear(d.width, d.width, bias=False)
        self.keys: Tensor | None = None
        self.values: Tensor | None = None
        self.fused = False

    def forward(self, x: Tensor, rotary: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        b, s, width = x.shape
        q, k, v = (t.view(b, s, self.heads, -1) for t in self.wqkv(x).split(width, dim=-1))
        q, k = rotate(q, rotary), rotate(k, rotary)
        q, k, v = (t.transpose(1, 2) for t in (q, k, v))
        self.keys[:, :, positions] = k
        self.values[:, :, positions] = v
        keys, values = self.keys, self.values
        if not self.fused:
            keys, values = keys.repeat_interleave(1, dim=1), values.repeat_interleave(1, dim=1)
        out = F.scaled_dot_product_attention(q, keys, values, attn_mask=mask)
        return self.wo(out.transpose(1, 2).reshape(b, s, width))


class FeedForward(nn.Module):
    def __init__(self, d: Dimensions):
        super().__init__()
        self.w1 = nn.Linear(d.width, d.hidden, bias=False)
        self.w3 = nn.Linear(d.width, d.hidden, bias=False)
        self.w2 = nn.Linear(d.hidden, d.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Block(nn.Module):
    def __init__(self, d: Dimensions):
        super().__init__()
        self.attention_norm = RmsNorm(d.width)
        self.attention = Attention(d)
        self.ffn_norm = RmsNorm(d.width)
        self.feed_forward = FeedForward(d)

    def forward(self, x: Tensor, rotary: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        h = x + self.attention(self.attention_norm(x), rotary, positions, mask)
        return h + self.feed_forward(self.ffn_norm(h))


class ClassEmbedding(nn.Module):
    def __init__(self, d: Dimensions):
        super().__init__()
        self.embedding_table = nn.Embedding(d.classes + 1, d.width)


class LlamaGen(nn.Module):
    """Parameters carry the names of the published checkpoints."""

    def __init__(self, d: Dimensions):
        super().__init__()
        self.d = d
        self.cls_embedding = ClassEmbedding(d)
        self.tok_embeddings = nn.Embedding(d.vocabulary, d.width)
        self.layers = nn.ModuleList(Block(d) for _ in range(d.layers))
        self.norm = RmsNorm(d.width)
        self.output = nn.Linear(d.width, d.vocabulary, bias=False)
        self.register_buffer("rotary", rotary_table(d), persistent=False)

    def prepare(self, rows: int, fused: bool) -> None:
        """Makes the caches for a batch of so many rows."""
        length = 8 * math.ceil((1 + self.d.side**2) / 8)
        shape = (rows, self.d.heads, length, self.d.width // self.d.heads)
        for block in self.layers:
            block.attention.keys = torch.zeros(shape)
            block.attention.values = torch.zeros(shape)
            block.attention.fused = fused
        self.mask = torch.tril(torch.ones(length, length, dtype=torch.bool)).repeat(rows, 1, 1)

    def forward(self, embeddings: Tensor, positions: Tensor) -> Tensor:
        """[B, S, D] embeddings at S positions -> [B, S, V] fp32 logits."""
        x = embeddings
        mask = self.mask[:, None, positions]
        for block in self.layers:
            x = block(x, self.rotary[positions], positions, mask)
        return self.output(self.norm(x)).float()


def rotary_table(d: Dimensions) -> Tensor:
    """[1 + side^2, head/2, 2]: cosines and sines, rows then columns; zeros for the class position."""
    half = d.width // d.heads // 2
    theta = 10000.0 ** (-torch.arange(0, half, 2).float() / half)
    cell = torch.arange(d.side).float()[:, None] * theta
    rows = cell[:, None].expand(d.side, d.side, -1)
    columns = cell[None].expand(d.side, d.side, -1)
    angles = torch.cat([rows, columns], dim=-1).reshape(d.side**2, half)
    grid = torch.stack([angles.cos(), angles.sin()], dim=-1)
    return torch.cat([torch.zeros(1, half, 2), grid])


def rotate(x: Tensor, rotary: Tensor) -> Tensor:
    """Rotates interleaved pairs of [B, S, H, head] by [S, head/2, 2]."""
    pairs = x.float().unflatten(-1, (-1, 2))
    cos, sin = rotary[None, :, None, :, 0], rotary[None, :, None, :, 1]
    a, b = pairs[..., 0], pairs[..., 1]
    return torch.stack([a * cos - b * sin, b * cos + a * sin], dim=-1).flatten(-2).type_as(x)


def sample(logits: Tensor, guidance: float, top_k: int) -> Tensor:
    """[B, V] logits (conditional rows first where guidance is on) -> one token per image."""
    if guidance > 1:
        conditional, unconditional = logits.chunk(2)
        logits = unconditional + guidance * (conditional - unconditional)
    if top_k > 0:
        kth = torch.topk(logits, min(top_k, logits.size(-1))).values[:, -1:]
        logits = logits.masked_fill(logits < kth, -torch.inf)
    return torch.multinomial(F.softmax(logits, dim=-1), 1)


@torch.inference_mode()
def generate(model: LlamaGen, classes: Tensor, guidance: float, top_k: int, steps: int, fused: bool = False) -> Tensor:
    """The first `steps` tokens of one image per class."""
    if guidance > 1:
        classes = torch.cat([classes, torch.full_like(classes, model.d.classes)])
    model.prepare(len(classes), fused)
    logits = model(model.cls_embedding.embedding_table(classes)[:, None], torch.tensor([0]))
    tokens = [sample(logits[:, -1], guidance, top_k)]
    backends = [SDPBackend.MATH, SDPBackend.FLASH_ATTENTION] if fused else [SDPBackend.MATH]
    with sdpa_kernel(backends):
        for position in range(1, steps):
            fed = tokens[-1].repeat(2, 1) if guidance > 1 else tokens[-1]
            logits = model(model.tok_embeddings(fed), torch.tensor([position]))
            tokens.append(sample(logits[:, -1], guidance, top_k))
    return torch.cat(tokens, dim=1)
