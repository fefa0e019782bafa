"""VAR's multi-scale residual quantiser (arXiv 2404.02905), with the tensor names of its published tokenizer.

Shapes: B rows, Z numbers a code vector, P the finest grid's side, p a grid's side, L the tokens of all grids.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ScaleQuantizer(nn.Module):
    """One codebook for all grids; what coarse grids leave over goes to the finer ones."""

    def __init__(self, sides: Sequence[int], codes: int, width: int, phis: int = 4) -> None:
        super().__init__()
        self.sides = tuple(sides)
        self.embedding = nn.Embedding(codes, width)
        self.quant_resi = nn.Module()
        self.quant_resi.qresi_ls = nn.ModuleList(nn.Conv2d(width, width, 3, padding=1) for _ in range(phis))
        for convolution in self.quant_resi.qresi_ls:
            nn.init.dirac_(convolution.weight)
            nn.init.zeros_(convolution.bias)
        self._phi = phi_of_scales(len(self.sides), phis)

    @property
    def tokens(self) -> int:
        """L."""
        return sum(side * side for side in self.sides)

    def refine(self, latent: Tensor, vectors: Tensor, scale: int) -> Tensor:
        """The latent picture [B, Z, P, P] with the vectors [B, p·p, Z] of one scale in it."""
        side, finest = self.sides[scale], self.sides[-1]
        grown = vectors.transpose(1, 2).reshape(len(vectors), -1, side, side)
        if side < finest:
            grown = F.interpolate(grown, size=(finest, finest), mode="bicubic")
        return latent + 0.5 * grown + 0.5 * self.quant_resi.qresi_ls[self._phi[scale]](grown)

    def shrunk(self, latent: Tensor, scale: int) -> Tensor:
        """A latent picture's means on the grid of a scale, [B, p·p, Z]."""
        return F.adaptive_avg_pool2d(latent, self.sides[scale]).flatten(2).transpose(1, 2)

    def nearest(self, vectors: Tensor) -> Tensor:
        """Ids [B, N] of the codes at the least distance from vectors [B, N, Z]."""
        return self._nearness(vectors).argmax(dim=-1)

    def _nearness(self, vectors: Tensor) -> Tensor:
        codes = self.embedding.weight
        return vectors @ codes.T - codes.square().sum(dim=1) / 2

    @torch.no_grad()
    def encode(self, truth: Tensor, misled_share: float = 0.0, near: int = 6) -> tuple[Tensor, Tensor]:
        """Tokens [B, L] of latent pictures [B, Z, P, P], and what a transformer is fed after the first, [B, L − 1, Z].

        In ``misled_share`` of the rows some tokens of all grids but the finest are replaced by near ones before they are
        refined by the next grid: the tokens of that are then the ones that make up for it.
        """
        latent, tokens, fed = torch.zeros_like(truth), [], []
        wrong = torch.rand(len(truth), 1) * (torch.rand(len(truth), 1) < misled_share)
        for scale in range(len(self.sides)):
            nearness = self._nearness(self.shrunk(truth - latent, scale))
            ids = nearness.argmax(dim=-1)
            tokens.append(ids)
            if scale + 1 == len(self.sides):
                break
            if misled_share > 0:
                other = nearness.topk(near).indices.gather(2, torch.randint(near, (*ids.shape, 1)))[..., 0]
                ids = torch.where(torch.rand(ids.shape) < 0.6 * wrong, other, ids)
            latent = self.refine(latent, self.embedding(ids), scale)
            fed.append(self.shrunk(latent, scale + 1))
        return torch.cat(tokens, dim=1), torch.cat(fed, dim=1)

    def decode(self, tokens: Tensor) -> Tensor:
        """Latent pictures [B, Z, P, P] of tokens [B, L]."""
        finest = self.sides[-1]
        latent = torch.zeros(len(tokens), self.embedding.weight.shape[1], finest, finest)
        for scale, ids in enumerate(tokens.split([side * side for side in self.sides], dim=1)):
            latent = self.refine(latent, self.embedding(ids), scale)
        return latent


def phi_of_scales(scales: int, phis: int) -> list[int]:
    """Which convolution belongs to each scale: the one whose tick is nearest to scale / (scales − 1)."""
    margin = 1 / 3 / phis if phis == 4 else 1 / 2 / phis
    ticks = np.linspace(margin, 1 - margin, phis)
    return [int(np.argmin(np.abs(ticks - scale / (scales - 1)))) for scale in range(scales)]


def residual_losses(quantizer: ScaleQuantizer, truth: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean squared error after each scale [S], the ids [B, L], and the vectors [B, L, Z] that these stand for."""
    latent, errors, ids, rows = torch.zeros_like(truth), [], [], []
    for scale in range(len(quantizer.sides)):
        rows.append(quantizer.shrunk(truth - latent.detach(), scale))
        ids.append(quantizer.nearest(rows[-1].detach()))
        latent = quantizer.refine(latent, quantizer.embedding(ids[-1]), scale)
        errors.append((latent - truth).square().mean())
    return torch.stack(errors), torch.cat(ids, dim=1), torch.cat(rows, dim=1).detach()
