"""How true an image tokenizer is: PSNR, SSIM and the share of its codebook in use, on pictures that it was not trained with."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from .image_tokenizer import PictureSource


@torch.inference_mode()
def measure_quality(source: PictureSource, encode: Callable[[Tensor], Tensor], decode: Callable[[Tensor], Tensor], codes: int,
                    pictures: int = 128, batch: int = 16) -> dict[str, float]:
    """``encode`` makes tokens of pictures, ``decode`` pictures of tokens; PSNR in dB is that of the mean error."""
    error, likeness, seen = 0.0, 0.0, torch.zeros(codes, dtype=torch.bool)
    for _ in range(-(-pictures // batch)):
        true = source.take(batch)
        tokens = encode(true)
        seen[tokens.flatten()] = True
        drawn = decode(tokens).clamp(-1, 1)
        error += (drawn - true).square().mean().item() * batch
        likeness += ssim(drawn, true).sum().item()
    count = -(-pictures // batch) * batch
    return {"psnr": 10 * math.log10(4 * count / error), "ssim": likeness / count, "codebook_use": seen.float().mean().item()}


def ssim(one: Tensor, other: Tensor, side: int = 11, sigma: float = 1.5) -> Tensor:
    """Structural similarity [B] of the grey values of pictures [B, 3, H, W] in −1…1 (Wang et al., 2004)."""
    x, y = (picture.float().mean(dim=1, keepdim=True) for picture in (one, other))
    place = torch.arange(side).float() - side // 2
    line = torch.exp(-place.square() / (2 * sigma**2))
    window = (line[:, None] * line / line.sum() ** 2)[None, None]
    mean_x, mean_y = F.conv2d(x, window), F.conv2d(y, window)
    var_x, var_y = F.conv2d(x * x, window) - mean_x.square(), F.conv2d(y * y, window) - mean_y.square()
    both = F.conv2d(x * y, window) - mean_x * mean_y
    c1, c2 = (0.01 * 2) ** 2, (0.03 * 2) ** 2
    likeness = ((2 * mean_x * mean_y + c1) * (2 * both + c2)
                / ((mean_x.square() + mean_y.square() + c1) * (var_x + var_y + c2)))
    return likeness.mean(dim=(1, 2, 3))
