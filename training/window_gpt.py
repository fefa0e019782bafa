"""The transformer of VQGAN + GPT (taming-transformers), with the tensor names of its published checkpoints.

Shapes: B rows, S the tokens of a window, D width, V the vocabulary that classes and image tokens share.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .muse import waves


@dataclass(frozen=True)
class WindowSettings:
    layers: int = 5
    heads: int = 6
    width: int = 192
    vocabulary: int = 1024
    side: int = 16

    @property
    def tokens(self) -> int:
        return self.side**2


class Attention(nn.Module):
    """Queries begin as keys, so that attention begins by looking near."""

    def __init__(self, s: WindowSettings) -> None:
        super().__init__()
        self.heads = s.heads
        self.key, self.query, self.value, self.proj = (nn.Linear(s.width, s.width) for _ in range(4))
        self.query.load_state_dict(self.key.state_dict())
        nn.init.zeros_(self.proj.weight)

    def forward(self, x: Tensor) -> Tensor:
        b, length, width = x.shape
        q, k, v = (part(x).view(b, length, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value))
        out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(out.transpose(1, 2).reshape(b, length, width))


class Block(nn.Module):
    def __init__(self, s: WindowSettings) -> None:
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(s.width), nn.LayerNorm(s.width)
        self.attn = Attention(s)
        self.mlp = nn.Sequential(nn.Linear(s.width, 4 * s.width), nn.GELU(), nn.Linear(4 * s.width, s.width))
        nn.init.zeros_(self.mlp[2].weight)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


class WindowGpt(nn.Module):
    """Position 0 holds the class, position i the image token i − 1; each predicts image token i."""

    def __init__(self, s: WindowSettings = WindowSettings()) -> None:
        super().__init__()
        self.settings = s
        self.tok_emb = nn.Embedding(s.vocabulary, s.width)
        nn.init.normal_(self.tok_emb.weight, std=0.5)
        self.pos_emb = nn.Parameter(waves(s.side, s.width)[None])
        self.blocks = nn.Sequential(*(Block(s) for _ in range(s.layers)))
        self.ln_f = nn.LayerNorm(s.width)
        self.head = nn.Linear(s.width, s.vocabulary, bias=False)
        nn.init.normal_(self.head.weight, std=0.02)

    def forward(self, classes: Tensor, fed: Tensor) -> Tensor:
        """Logits [B, 1 + N, V] of classes [B] and the first N tokens [B, N] of windows."""
        ids = torch.cat([classes[:, None], fed], dim=1)
        x = self.tok_emb(ids) + self.pos_emb[:, : ids.shape[1]]
        return self.head(self.ln_f(self.blocks(x)))


def place(cell: int, cells: int, side: int) -> int:
    """Where in its window a cell of a longer axis lies: in the middle, but at the borders, where the window stands."""
    half = side // 2
    if cell <= half:
        return cell
    return half if cells - cell >= half else side - (cells - cell)


@torch.inference_mode()
def draw_windows(model: WindowGpt, classes: Tensor, rows: int, columns: int, top_k: int, temperature: float, seed: int) -> Tensor:
    """Token grids [B, rows, columns] of classes [B], cell by cell, each in its own window; for looking, not for speed."""
    side, generator = model.settings.side, torch.Generator().manual_seed(seed)
    grid = torch.zeros(len(classes), rows, columns, dtype=torch.long)
    for i in range(rows):
        for j in range(columns):
            local_i, local_j = place(i, rows, side), place(j, columns, side)
            top, left = i - local_i, j - local_j
            before = grid[:, top:top + side, left:left + side].flatten(1)[:, : local_i * side + local_j]
            logits = model(classes, before)[:, -1].float() / temperature
            kth = logits.topk(top_k).values[:, -1:]
            shares = logits.masked_fill(logits < kth, -torch.inf).softmax(dim=-1)
            grid[:, i, j] = torch.multinomial(shares, 1, generator=generator)[:, 0]
    return grid
