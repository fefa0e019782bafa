"""The image tokenizer: LlamaGen's VQ layout (spec section 1.2), tensor names included, with small dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .norm import GroupNorm


GROUPS = 8
"""Published tokenizers have 32 groups of at least four channels; 32 groups of 32 channels would be instance
normalisation, which makes every channel's mean the same in each picture and so takes the colour out of it."""


@dataclass(frozen=True)
class VqSettings:
    """Widths are ``channels`` times each multiplier, from full resolution down.

    The plain variant has no attention. The encoder sees ``border`` around the picture.
    """

    channels: int = 32
    multipliers: tuple[int, ...] = (1, 2, 4)
    z_channels: int = 128
    codebook_size: int = 1024
    codebook_width: int = 8
    encoder_blocks: int = 2
    decoder_blocks: int = 3
    plain: bool = False
    border: float = 0.0
    groups: int = GROUPS

    @property
    def stride(self) -> int:
        """Pixels per token along one side."""
        return 2 ** (len(self.multipliers) - 1)


def _norm(channels: int, groups: int) -> GroupNorm:
    return GroupNorm(groups, channels, eps=1e-6)


def _conv3(source: int, target: int) -> nn.Conv2d:
    return nn.Conv2d(source, target, 3, padding=1)


class ResidualBlock(nn.Module):
    """norm, swish, 3×3, norm, swish, 3×3, plus the input."""

    def __init__(self, source: int, target: int, groups: int) -> None:
        super().__init__()
        self.norm1, self.conv1 = _norm(source, groups), _conv3(source, target)
        self.norm2, self.conv2 = _norm(target, groups), _conv3(target, target)
        if source != target:
            self.nin_shortcut = nn.Conv2d(source, target, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x)


class AttentionBlock(nn.Module):
    """One head over all positions; the projection starts at zero, so training begins as a pure convolution."""

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.norm = _norm(channels, groups)
        self.q, self.k, self.v, self.proj_out = (nn.Conv2d(channels, channels, 1) for _ in range(4))
        nn.init.zeros_(self.proj_out.weight)

    def forward(self, x: Tensor) -> Tensor:
        batch, channels, height, width = x.shape
        h = self.norm(x)
        q, k, v = (part(h).flatten(2).transpose(1, 2).contiguous() for part in (self.q, self.k, self.v))
        h = F.scaled_dot_product_attention(q, k, v)
        return x + self.proj_out(h.transpose(1, 2).reshape(batch, channels, height, width))


class Downsample(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.pad(x, (0, 1, 0, 1)))


class Upsample(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = _conv3(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.conv(F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Level(nn.Module):
    """One resolution: residual blocks, each followed by attention at the lowest level, then the change of scale."""

    def __init__(self, source: int, target: int, blocks: int, attention: bool, groups: int) -> None:
        super().__init__()
        self.res = nn.ModuleList(ResidualBlock(source if i == 0 else target, target, groups) for i in range(blocks))
        self.attn = nn.ModuleList(AttentionBlock(target, groups) for _ in range(blocks if attention else 0))

    def forward(self, x: Tensor) -> Tensor:
        for i, block in enumerate(self.res):
            x = block(x)
            if len(self.attn) > 0:
                x = self.attn[i](x)
        for name in ("downsample", "upsample"):
            if hasattr(self, name):
                x = getattr(self, name)(x)
        return x


def _middle(channels: int, settings: VqSettings) -> nn.ModuleList:
    between = nn.Identity() if settings.plain else AttentionBlock(channels, settings.groups)
    return nn.ModuleList([ResidualBlock(channels, channels, settings.groups), between,
                          ResidualBlock(channels, channels, settings.groups)])


class Encoder(nn.Module):
    """Picture [B, 3, H, W] in −1…1 to features [B, z, H/f, W/f]."""

    def __init__(self, settings: VqSettings) -> None:
        super().__init__()
        self._border = settings.border
        widths = [settings.channels * m for m in settings.multipliers]
        self.conv_in = _conv3(3, settings.channels)
        self.conv_blocks = nn.ModuleList()
        for i, (source, target) in enumerate(zip([settings.channels, *widths], widths)):
            last = i == len(widths) - 1
            level = Level(source, target, settings.encoder_blocks, last and not settings.plain, settings.groups)
            if not last:
                level.downsample = Downsample(target)
            self.conv_blocks.append(level)
        self.mid = _middle(widths[-1], settings)
        self.norm_out, self.conv_out = _norm(widths[-1], settings.groups), _conv3(widths[-1], settings.z_channels)

    def forward(self, x: Tensor) -> Tensor:
        h = F.conv2d(F.pad(x, (1, 1, 1, 1), value=self._border), self.conv_in.weight, self.conv_in.bias)
        for part in (*self.conv_blocks, *self.mid):
            h = part(h)
        return self.conv_out(F.silu(self.norm_out(h)))


class PatchEncoder(nn.Module):
    """Picture [B, 3, H, W] in −1…1 to vectors [B, width, H/f, W/f], each a function of its cell and one pixel around it.

    What is drawn elsewhere cannot change a token, so that an object has the same tokens wherever it stands and whatever
    colour surrounds it. The layout's own encoder normalises over the whole picture: in a trained one, two thirds of the
    tokens inside an object changed with the background, and the transformer had to learn every object once a colour.
    """

    def __init__(self, settings: VqSettings, hidden: int = 192) -> None:
        super().__init__()
        self.patches = nn.Conv2d(3, hidden, settings.stride + 2, stride=settings.stride)
        self.hidden = nn.ModuleList(nn.Conv2d(hidden, hidden, 1) for _ in range(2))
        self.out = nn.Conv2d(hidden, settings.codebook_width, 1)

    def forward(self, x: Tensor) -> Tensor:
        h = self.patches(F.pad(x, (1, 1, 1, 1), mode="replicate"))
        for layer in self.hidden:
            h = h + layer(F.silu(h))
        return self.out(F.silu(h))


class Decoder(nn.Module):
    """Features [B, z, H/f, W/f] to a picture [B, 3, H, W]; ``conv_blocks`` count from low to high resolution."""

    def __init__(self, settings: VqSettings) -> None:
        super().__init__()
        widths = [settings.channels * m for m in reversed(settings.multipliers)]
        self.conv_in = _conv3(settings.z_channels, widths[0])
        self.mid = _middle(widths[0], settings)
        self.conv_blocks = nn.ModuleList()
        for i, (source, target) in enumerate(zip([widths[0], *widths], widths)):
            level = Level(source, target, settings.decoder_blocks, i == 0 and not settings.plain, settings.groups)
            if i < len(widths) - 1:
                level.upsample = Upsample(target)
            self.conv_blocks.append(level)
        self.norm_out, self.conv_out = _norm(widths[-1], settings.groups), _conv3(widths[-1], 3)

    def forward(self, z: Tensor) -> Tensor:
        h = self.conv_in(z)
        for part in (*self.mid, *self.conv_blocks):
            h = part(h)
        return self.conv_out(F.silu(self.norm_out(h)))


class Quantizer(nn.Module):
    """A codebook of unit vectors; the nearest row of a unit vector is the one with the largest dot product."""

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(size, width)
        with torch.no_grad():
            self.embedding.weight.copy_(F.normalize(torch.randn(size, width), dim=-1))

    def nearest(self, vectors: Tensor) -> Tensor:
        """Index of the nearest row, [N], for unit vectors [N, width]."""
        return (vectors @ F.normalize(self.embedding.weight, dim=-1).T).argmax(dim=-1)

    def look_up(self, indices: Tensor) -> Tensor:
        """Unit vectors [..., width] of indices [...]."""
        return F.normalize(F.embedding(indices, self.embedding.weight), dim=-1)


class ImageTokenizer(nn.Module):
    """Patch encoder, codebook and decoder, which are trained together, and the layout's encoder, which learns from them."""

    def __init__(self, settings: VqSettings = VqSettings()) -> None:
        super().__init__()
        self.settings = settings
        self.patch_encoder = PatchEncoder(settings)
        self.encoder, self.decoder = Encoder(settings), Decoder(settings)
        self.quantize = Quantizer(settings.codebook_size, settings.codebook_width)
        self.quant_conv = nn.Conv2d(settings.z_channels, settings.codebook_width, 1)
        self.post_quant_conv = nn.Conv2d(settings.codebook_width, settings.z_channels, 1)

    def latents(self, pictures: Tensor) -> Tensor:
        """Unit vectors [B, width, g, g] in fp32, before quantisation."""
        return F.normalize(self.patch_encoder(pictures).float(), dim=1)

    def imitated_latents(self, pictures: Tensor) -> Tensor:
        """The layout's encoder: unit vectors [B, width, g, g] in fp32, before quantisation."""
        return F.normalize(self.quant_conv(self.encoder(pictures)).float(), dim=1)

    def decode_latents(self, latents: Tensor) -> Tensor:
        """Pictures [B, 3, H, W] of unit vectors [B, width, g, g]."""
        return self.decoder(self.post_quant_conv(latents))

    def encode(self, pictures: Tensor) -> Tensor:
        """Token grids [B, g·g], row-major, of pictures [B, 3, H, W]."""
        return self.quantized(self.latents(pictures))

    def quantized(self, latents: Tensor) -> Tensor:
        """Token grids [B, g·g] of unit vectors [B, width, g, g]."""
        rows = latents.permute(0, 2, 3, 1).reshape(-1, latents.shape[1])
        return self.quantize.nearest(rows).view(latents.shape[0], -1)

    def decode(self, tokens: Tensor, rows: int | None = None) -> Tensor:
        """Pictures [B, 3, H, W] of token grids [B, rows·columns], which are square unless told."""
        rows = rows or int(tokens.shape[1] ** 0.5)
        vectors = self.quantize.look_up(tokens).view(tokens.shape[0], rows, tokens.shape[1] // rows, -1)
        return self.decode_latents(vectors.permute(0, 3, 1, 2).contiguous())
