"""VQGAN + GPT (taming-transformers) in plain PyTorch, for reference values.

Written from the model's description, for clarity and not for speed: no cache, a full window for every token. Parameter
names are those of the published checkpoints.
"""

import torch
import torch.nn.functional as F
from reference import Residual, SpatialAttention, normalise, sampler, swish
from torch import nn


class Attention(nn.Module):
    def __init__(self, width, heads, block):
        super().__init__()
        self.heads = heads
        self.key, self.query, self.value, self.proj = (nn.Linear(width, width) for _ in range(4))
        self.register_buffer("mask", torch.ones(block, block).tril().view(1, 1, block, block))

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (part(x).view(batch, length, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value))
        scores = q @ k.transpose(-1, -2) / (width // self.heads) ** 0.5
        shares = scores.masked_fill(self.mask[:, :, :length, :length] == 0, float("-inf")).softmax(-1)
        return self.proj((shares @ v).transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, width, heads, block):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, heads, block)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


class Transformer(nn.Module):
    def __init__(self, width, layers, heads, vocabulary, block):
        super().__init__()
        self.tok_emb = nn.Embedding(vocabulary, width)
        self.pos_emb = nn.Parameter(0.5 * torch.randn(1, block, width))
        self.blocks = nn.Sequential(*(Block(width, heads, block) for _ in range(layers)))
        self.ln_f = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.6 if "emb" in name else 1.6 / parameter.shape[1] ** 0.5)
            elif name.endswith("bias"):
                nn.init.normal_(parameter, std=0.2)
            elif "ln" in name:
                nn.init.normal_(parameter, 1, 0.2)

    def forward(self, ids):
        """ids [B, S] -> logits [B, S, vocabulary]."""
        x = self.tok_emb(ids) + self.pos_emb[:, : ids.shape[1]]
        return self.head(self.ln_f(self.blocks(x)))


def place(cell, cells, side):
    """Where in its window a cell of a longer axis lies."""
    half = side // 2
    if cell <= half:
        return cell
    if cells - cell < half:
        return side - (cells - cell)
    return half


@torch.no_grad()
def greedy(transformer, side, rows, columns, condition):
    """The whole window is run for each cell; what is not drawn yet is zeros, which nobody sees.

    condition: one token, or the grid [rows, columns] of condition tokens. Returns tokens [rows, columns] and logits
    [rows * columns, vocabulary].
    """
    tokens = torch.zeros(rows, columns, dtype=torch.long)
    logits = []
    for i in range(rows):
        for j in range(columns):
            local_i, local_j = place(i, rows, side), place(j, columns, side)
            window = slice(i - local_i, i - local_i + side), slice(j - local_j, j - local_j + side)
            before = condition.view(1) if condition.numel() == 1 else condition[window].flatten()
            sequence = torch.cat([before, tokens[window].flatten()])[:-1]
            own = transformer(sequence.unsqueeze(0))[0, -side * side :].view(side, side, -1)[local_i, local_j]
            logits.append(own)
            tokens[i, j] = own.argmax()
    return tokens, torch.stack(logits)


class Level(nn.Module):
    def __init__(self, channels, out, blocks, attention):
        super().__init__()
        self.block = nn.ModuleList(Residual(channels if i == 0 else out, out) for i in range(blocks))
        self.attn = nn.ModuleList(SpatialAttention(out) for _ in range(blocks if attention else 0))

    def forward(self, x):
        for i, block in enumerate(self.block):
            x = block(x)
            if len(self.attn) > 0:
                x = self.attn[i](x)
        return x


class Middle(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.block_1, self.attn_1, self.block_2 = Residual(channels, channels), SpatialAttention(channels), Residual(channels, channels)

    def forward(self, x):
        return self.block_2(self.attn_1(self.block_1(x)))


class Encoder(nn.Module):
    def __init__(self, channels_in, widths, latent):
        super().__init__()
        self.conv_in = nn.Conv2d(channels_in, widths[0], 3, padding=1)
        self.down = nn.ModuleList()
        channels = widths[0]
        for i, out in enumerate(widths):
            level = Level(channels, out, 2, i == len(widths) - 1)
            if i < len(widths) - 1:
                level.downsample = sampler(out, 2)
            self.down.append(level)
            channels = out
        self.mid = Middle(channels)
        self.norm_out = normalise(channels)
        self.conv_out = nn.Conv2d(channels, latent, 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for level in self.down:
            x = level(x)
            if hasattr(level, "downsample"):
                x = level.downsample.conv(F.pad(x, (0, 1, 0, 1)))
        return self.conv_out(swish(self.norm_out(self.mid(x))))


class Decoder(nn.Module):
    """Level 0 is the one of the highest resolution, and comes last."""

    def __init__(self, widths, latent):
        super().__init__()
        channels = widths[-1]
        self.conv_in = nn.Conv2d(latent, channels, 3, padding=1)
        self.mid = Middle(channels)
        levels = []
        for i in reversed(range(len(widths))):
            level = Level(channels, widths[i], 3, i == len(widths) - 1)
            if i > 0:
                level.upsample = sampler(widths[i], 1)
            levels.insert(0, level)
            channels = widths[i]
        self.up = nn.ModuleList(levels)
        self.norm_out = normalise(channels)
        self.conv_out = nn.Conv2d(channels, 3, 3, padding=1)

    def forward(self, z):
        x = self.mid(self.conv_in(z))
        for level in reversed(self.up):
            x = level(x)
            if hasattr(level, "upsample"):
                x = level.upsample.conv(F.interpolate(x, scale_factor=2, mode="nearest"))
        return self.conv_out(swish(self.norm_out(x)))


class Nearest(nn.Module):
    """The code at the least distance; codes are not brought to unit length."""

    def __init__(self, codes, dimensions):
        super().__init__()
        self.embedding = nn.Embedding(codes, dimensions)

    def vectors(self):
        return self.embedding.weight

    def scores(self, latent):
        """latent [rows, columns, dimensions] -> the greater, the nearer."""
        return -((latent.unsqueeze(2) - self.embedding.weight) ** 2).sum(-1)


class Gumbel(nn.Module):
    """The code with the largest logit."""

    def __init__(self, codes, dimensions):
        super().__init__()
        self.proj, self.embed = nn.Conv2d(dimensions, codes, 1), nn.Embedding(codes, dimensions)

    def vectors(self):
        return self.embed.weight

    def scores(self, latent):
        return self.proj(latent.permute(2, 0, 1).unsqueeze(0))[0].permute(1, 2, 0)


class ImageTokenizer(nn.Module):
    def __init__(self, widths, codes, dimensions, latent, gumbel=False, channels=3):
        super().__init__()
        self.encoder = Encoder(channels, widths, latent)
        self.quantize = Gumbel(codes, dimensions) if gumbel else Nearest(codes, dimensions)
        self.quant_conv = nn.Conv2d(latent, dimensions, 1)
        if channels == 3:
            self.decoder = Decoder(widths, latent)
            self.post_quant_conv = nn.Conv2d(dimensions, latent, 1)
            self.loss = nn.Module()
            self.loss.discriminator = nn.Linear(2, 2)
        for module in self.modules():
            if isinstance(module, nn.GroupNorm):
                nn.init.normal_(module.weight, 1, 0.2)
                nn.init.normal_(module.bias, 0, 0.2)

    @torch.no_grad()
    def decode(self, tokens):
        """tokens [rows, columns] -> pixels [3, height, width]."""
        return self.decoder(self.post_quant_conv(self.quantize.vectors()[tokens].permute(2, 0, 1).unsqueeze(0)))[0]

    @torch.no_grad()
    def scores(self, picture):
        """picture [channels, height, width] -> what decides between the codes [rows, columns, codes]."""
        return self.quantize.scores(self.quant_conv(self.encoder(picture.unsqueeze(0)))[0].permute(1, 2, 0))
