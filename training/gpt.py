"""LlamaGen's text-conditional transformer, with the tensor names of its published checkpoints, in a form made to train.

Shapes: B rows, T caption positions, S image tokens, D width, C caption width, V codebook.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class GptSettings:
    layers: int = 6
    heads: int = 3
    width: int = 192
    vocabulary: int = 1024
    caption_tokens: int = 16
    caption_width: int = 128
    side: int = 16

    @property
    def tokens(self) -> int:
        return self.side**2

    @property
    def hidden(self) -> int:
        """Two thirds of four times the width, rounded up to a multiple of 256."""
        return 256 * math.ceil(int(2 * 4 * self.width / 3) / 256)


class RmsNorm(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, self.weight.shape, self.weight.to(x.dtype), 1e-5)


class Attention(nn.Module):
    def __init__(self, s: GptSettings) -> None:
        super().__init__()
        self.heads = s.heads
        self.wqkv = nn.Linear(s.width, 3 * s.width, bias=False)
        self.wo = nn.Linear(s.width, s.width, bias=False)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None, cache: list[Tensor] | None) -> Tensor:
        b, length, width = x.shape
        q, k, v = self.wqkv(x).view(b, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        q, k = rotate(q, cos, sin), rotate(k, cos, sin)
        if cache is not None:
            k, v = torch.cat([cache[0], k], dim=2), torch.cat([cache[1], v], dim=2)
            cache[:] = [k, v]
        out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.wo(out.transpose(1, 2).reshape(b, length, width))


class FeedForward(nn.Module):
    def __init__(self, s: GptSettings) -> None:
        super().__init__()
        self.w1 = nn.Linear(s.width, s.hidden, bias=False)
        self.w3 = nn.Linear(s.width, s.hidden, bias=False)
        self.w2 = nn.Linear(s.hidden, s.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Block(nn.Module):
    def __init__(self, s: GptSettings) -> None:
        super().__init__()
        self.attention_norm, self.attention = RmsNorm(s.width), Attention(s)
        self.ffn_norm, self.feed_forward = RmsNorm(s.width), FeedForward(s)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | None, cache: list[Tensor] | None) -> Tensor:
        h = x + self.attention(self.attention_norm(x), cos, sin, mask, cache)
        return h + self.feed_forward(self.ffn_norm(h))


class CaptionProjection(nn.Module):
    def __init__(self, s: GptSettings) -> None:
        super().__init__()
        self.fc1 = nn.Linear(s.caption_width, s.width, bias=False)
        self.fc2 = nn.Linear(s.width, s.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


class CaptionEmbedding(nn.Module):
    def __init__(self, s: GptSettings) -> None:
        super().__init__()
        self.cap_proj = CaptionProjection(s)
        self.uncond_embedding = nn.Parameter(torch.randn(s.caption_tokens, s.caption_width) / s.caption_width**0.5)


class Gpt(nn.Module):
    def __init__(self, s: GptSettings = GptSettings()) -> None:
        super().__init__()
        self.settings = s
        self.cls_embedding = CaptionEmbedding(s)
        self.tok_embeddings = nn.Embedding(s.vocabulary, s.width)
        self.layers = nn.ModuleList(Block(s) for _ in range(s.layers))
        self.norm = RmsNorm(s.width)
        self.output = nn.Linear(s.width, s.vocabulary, bias=False)
        cos, sin = rotary_tables(s)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self._initialise()

    def _initialise(self) -> None:
        """Small weights, except where the caption comes in: a caption that starts faint stays unread."""
        for name, parameter in self.named_parameters():
            if name.endswith(("wo.weight", "w2.weight")):
                nn.init.normal_(parameter, std=0.02 / (2 * self.settings.layers) ** 0.5)
            elif "cap_proj" in name:
                nn.init.normal_(parameter, std=parameter.shape[1] ** -0.5)
            elif parameter.dim() == 2 and "uncond" not in name:
                nn.init.normal_(parameter, std=0.02)

    def prefix(self, states: Tensor, valid: Tensor, dropped: Tensor) -> Tensor:
        """Left-padded caption states [B, T, C] to embeddings [B, T, D]; dropped rows [B] become unconditional.

        Pads are zero, and the unconditional caption keeps the pads of the caption it stands for.
        """
        captions = torch.where(dropped[:, None, None], self.cls_embedding.uncond_embedding, states)
        return self.cls_embedding.cap_proj(captions * valid[..., None])

    def forward(self, prefix: Tensor, valid: Tensor, tokens: Tensor) -> Tensor:
        """Logits [B, S, V] of all S tokens [B, S], given [B, T, D] and which of the T positions are no pads [B, T]."""
        s = self.settings
        x = torch.cat([prefix, self.tok_embeddings(tokens[:, :-1])], dim=1)
        mask = causal_mask(valid, x.shape[1])
        for block in self.layers:
            x = block(x, self.cos[: x.shape[1]], self.sin[: x.shape[1]], mask, None)
        return self.output(self.norm(x[:, s.caption_tokens - 1 :]))

    @torch.inference_mode()
    def generate(
        self, prefix: Tensor, valid: Tensor, guidance: float, top_k: int, temperature: float, seed: int
    ) -> Tensor:
        """Tokens [B, S] for conditional [B, T, D] and unconditional [B, T, D] prefixes, stacked to 2B rows.

        All rows draw with the same Gumbel noise, so that a picture does not depend on its neighbours in the batch.
        """
        s = self.settings
        noise = gumbel_noise(s.tokens, s.vocabulary, seed)
        caches: list[list[Tensor]] = [[torch.zeros(len(prefix), s.heads, 0, s.width // s.heads)] * 2 for _ in self.layers]
        x, mask = prefix, causal_mask(valid, s.caption_tokens)
        columns = torch.cat([valid, torch.ones(len(valid), s.tokens, dtype=torch.bool)], dim=1)
        tokens: list[Tensor] = []
        for step in range(s.tokens):
            end = s.caption_tokens + step
            for block, cache in zip(self.layers, caches):
                x = block(x, self.cos[end - x.shape[1] : end], self.sin[end - x.shape[1] : end], mask, cache)
            conditional, unconditional = self.output(self.norm(x[:, -1])).float().chunk(2)
            logits = (unconditional + guidance * (conditional - unconditional)) / temperature
            kth = logits.topk(min(top_k, s.vocabulary)).values[:, -1:]
            drawn = (logits.masked_fill(logits < kth, -torch.inf) + noise[step]).argmax(-1, keepdim=True)
            tokens.append(drawn)
            x, mask = self.tok_embeddings(drawn.repeat(2, 1)), columns[:, None, None, : end + 1]
        return torch.cat(tokens, dim=1)


def gumbel_noise(steps: int, vocabulary: int, seed: int) -> Tensor:
    """[steps, vocabulary]; the argmax of logits plus such noise is one draw from their softmax."""
    uniform = torch.rand(steps, vocabulary, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return -(-uniform.clamp_min(1e-300).log()).clamp_min(1e-300).log().float()


def rotary_tables(s: GptSettings) -> tuple[Tensor, Tensor]:
    """Cosines and sines [T + S, head / 2]: row angles, then column angles; zeros for the caption."""
    half = s.width // s.heads // 2
    theta = 10000.0 ** (-torch.arange(0, half, 2).float() / half)
    cell = torch.arange(s.side).float()[:, None] * theta
    shape = (s.side, s.side, half // 2)
    angles = torch.cat([cell[:, None].expand(shape), cell[None].expand(shape)], dim=-1).reshape(s.tokens, half)
    zeros = torch.zeros(s.caption_tokens, half)
    return torch.cat([zeros, angles.cos()]), torch.cat([zeros, angles.sin()])


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotates interleaved pairs of [B, H, L, head] by [L, head / 2].

    The result holds all first members, then all second ones: q and k are reordered alike, so no product changes.
    """
    a, b = x[..., 0::2].float(), x[..., 1::2].float()
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1).type_as(x)


def causal_mask(valid: Tensor, length: int) -> Tensor:
    """[B, 1, L, L]: what a position may see; pads see themselves only and are seen by nobody."""
    seen = F.pad(valid, (0, length - valid.shape[1]), value=True)
    mask = torch.ones(length, length, dtype=torch.bool).tril() & seen[:, None]
    return (mask | torch.eye(length, dtype=torch.bool))[:, None]
