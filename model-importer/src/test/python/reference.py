"""LlamaGen in plain PyTorch, for reference values.

Written from the model's description, for clarity and not for speed: no cache, the whole sequence at every step.
Parameter names are those of the published checkpoints.
"""

import torch
import torch.nn.functional as F
from torch import nn


def rotary_angles(grid, head):
    """Angles [grid * grid, head / 2]: first half turned by the row, second half by the column."""
    half = head // 2
    theta = 10000.0 ** (-torch.arange(0, half, 2).float() / half)
    cells = torch.arange(grid).float()
    by_coordinate = torch.outer(cells, theta)
    rows = by_coordinate.repeat_interleave(grid, dim=0)
    columns = by_coordinate.repeat(grid, 1)
    return torch.cat([rows, columns], dim=1)


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(1 + 0.2 * torch.randn(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.wqkv = nn.Linear(width, 3 * width, bias=False)
        self.wo = nn.Linear(width, width, bias=False)

    def forward(self, x, cosine, sine, visible):
        batch, length, width = x.shape
        q, k, v = (part.view(batch, length, self.heads, -1).transpose(1, 2) for part in self.wqkv(x).chunk(3, dim=-1))
        q, k = (self.turned(part, cosine, sine) for part in (q, k))
        scores = q @ k.transpose(-1, -2) / (width // self.heads) ** 0.5
        shares = scores.masked_fill(~visible.unsqueeze(1), float("-inf")).softmax(-1)
        return self.wo((shares @ v).transpose(1, 2).reshape(batch, length, width))

    @staticmethod
    def turned(x, cosine, sine):
        a, b = x[..., 0::2], x[..., 1::2]
        return torch.stack([a * cosine - b * sine, b * cosine + a * sine], dim=-1).flatten(-2)


class FeedForward(nn.Module):
    def __init__(self, width, multiple=256):
        super().__init__()
        hidden = -(-int(8 * width / 3) // multiple) * multiple
        self.w1 = nn.Linear(width, hidden, bias=False)
        self.w3 = nn.Linear(width, hidden, bias=False)
        self.w2 = nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        return self.w2(F.silu(self.w1(x)) * self.w3(x))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention_norm = RMSNorm(width)
        self.attention = Attention(width, heads)
        self.ffn_norm = RMSNorm(width)
        self.feed_forward = FeedForward(width)

    def forward(self, x, cosine, sine, visible):
        x = x + self.attention(self.attention_norm(x), cosine, sine, visible)
        return x + self.feed_forward(self.ffn_norm(x))


class ClassEmbedding(nn.Module):
    def __init__(self, classes, width):
        super().__init__()
        self.embedding_table = nn.Embedding(classes + 1, width)


class CaptionEmbedding(nn.Module):
    def __init__(self, text_width, width, tokens):
        super().__init__()
        self.cap_proj = nn.Module()
        self.cap_proj.fc1 = nn.Linear(text_width, width, bias=False)
        self.cap_proj.fc2 = nn.Linear(width, width, bias=False)
        self.register_buffer("uncond_embedding", torch.randn(tokens, text_width) / text_width**0.5)

    def forward(self, states):
        return self.cap_proj.fc2(F.gelu(self.cap_proj.fc1(states), approximate="tanh"))


class Transformer(nn.Module):
    """Class-conditional unless a text width is given."""

    def __init__(self, width, layers, heads, codes, grid, classes=0, text_width=0, prefix=1):
        super().__init__()
        self.head, self.grid, self.prefix, self.classes = width // heads, grid, prefix, classes
        self.cls_embedding = (
            CaptionEmbedding(text_width, width, prefix) if text_width else ClassEmbedding(classes, width)
        )
        self.tok_embeddings = nn.Embedding(codes, width)
        self.layers = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = RMSNorm(width)
        self.output = nn.Linear(width, codes, bias=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                std = 0.6 if "embed" in name else 1.4 / parameter.shape[1] ** 0.5
                nn.init.normal_(parameter, std=std)

    def logits(self, prefix, tokens, mask):
        """prefix [B, T, width], tokens [B, S], mask [B, T] of the prefix rows that may be seen -> [B, S + 1, codes]."""
        x = torch.cat([prefix, self.tok_embeddings(tokens)], dim=1)
        batch, length, _ = x.shape
        angles = rotary_angles(self.grid, self.head)
        zeros = torch.zeros(self.prefix, self.head // 2)
        cosine = torch.cat([zeros, angles.cos()])[:length]
        sine = torch.cat([zeros, angles.sin()])[:length]
        columns = torch.cat([mask, torch.ones(batch, length - self.prefix, dtype=torch.bool)], dim=1)
        visible = torch.ones(length, length, dtype=torch.bool).tril() & columns.unsqueeze(1)
        visible = visible | torch.eye(length, dtype=torch.bool)
        for layer in self.layers:
            x = layer(x, cosine, sine, visible)
        return self.output(self.norm(x))[:, self.prefix - 1 :]

    def conditions(self, condition):
        """The conditional and the unconditional prefix with their mask, for a class or for text states [n, width]."""
        if self.classes:
            table = self.cls_embedding.embedding_table.weight
            return torch.stack([table[condition], table[self.classes]]).unsqueeze(1), torch.ones(2, 1, dtype=torch.bool)
        valid = condition.shape[0]
        padded = torch.zeros_like(self.cls_embedding.uncond_embedding)
        padded[self.prefix - valid :] = condition
        mask = torch.arange(self.prefix) >= self.prefix - valid
        return self.cls_embedding(torch.stack([padded, self.cls_embedding.uncond_embedding])), mask.expand(2, -1)

    @torch.no_grad()
    def greedy(self, condition, guidance):
        """Returns the tokens and the logits [steps, 2, codes] before guidance."""
        prefix, mask = self.conditions(condition)
        tokens, logits = [], []
        for _ in range(self.grid**2):
            fed = torch.tensor([tokens, tokens], dtype=torch.long).view(2, -1)
            both = self.logits(prefix, fed, mask)[:, -1]
            logits.append(both)
            tokens.append(int((both[1] + guidance * (both[0] - both[1])).argmax()))
        return tokens, torch.stack(logits)


NORM_GROUPS = 32
"""Groups of every normalisation in the image tokenizer."""


def normalise(channels):
    return nn.GroupNorm(NORM_GROUPS, channels, eps=1e-6)


def swish(x):
    return x * torch.sigmoid(x)


class Residual(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.norm1, self.conv1 = normalise(channels), nn.Conv2d(channels, out, 3, padding=1)
        self.norm2, self.conv2 = normalise(out), nn.Conv2d(out, out, 3, padding=1)
        if channels != out:
            self.nin_shortcut = nn.Conv2d(channels, out, 1)

    def forward(self, x):
        h = self.conv1(swish(self.norm1(x)))
        h = self.conv2(swish(self.norm2(h)))
        return (self.nin_shortcut(x) if hasattr(self, "nin_shortcut") else x) + h


class SpatialAttention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = normalise(channels)
        self.q, self.k, self.v, self.proj_out = (nn.Conv2d(channels, channels, 1) for _ in range(4))

    def forward(self, x):
        n = self.norm(x)
        q, k, v = (part(n).flatten(2).transpose(1, 2) for part in (self.q, self.k, self.v))
        shares = (q @ k.transpose(1, 2) / x.shape[1] ** 0.5).softmax(-1)
        return x + self.proj_out((shares @ v).transpose(1, 2).view_as(x))


class Level(nn.Module):
    def __init__(self, channels, out, blocks, attention):
        super().__init__()
        self.res = nn.ModuleList(Residual(channels if i == 0 else out, out) for i in range(blocks))
        self.attn = nn.ModuleList(SpatialAttention(out) for _ in range(blocks if attention else 0))

    def forward(self, x):
        for i, block in enumerate(self.res):
            x = block(x)
            if len(self.attn) > 0:
                x = self.attn[i](x)
        return x


def middle(channels):
    return nn.ModuleList([Residual(channels, channels), SpatialAttention(channels), Residual(channels, channels)])


def sampler(channels, stride):
    module = nn.Module()
    module.conv = nn.Conv2d(channels, channels, 3, stride=stride, padding=2 - stride)
    return module


class Encoder(nn.Module):
    def __init__(self, widths, latent):
        super().__init__()
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.conv_blocks = nn.ModuleList()
        channels = widths[0]
        for i, out in enumerate(widths):
            level = Level(channels, out, 2, i == len(widths) - 1)
            if i < len(widths) - 1:
                level.downsample = sampler(out, 2)
            self.conv_blocks.append(level)
            channels = out
        self.mid = middle(channels)
        self.norm_out = normalise(channels)
        self.conv_out = nn.Conv2d(channels, latent, 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for level in self.conv_blocks:
            x = level(x)
            if hasattr(level, "downsample"):
                x = level.downsample.conv(F.pad(x, (0, 1, 0, 1)))
        for block in self.mid:
            x = block(x)
        return self.conv_out(swish(self.norm_out(x)))


class Decoder(nn.Module):
    def __init__(self, widths, latent):
        super().__init__()
        channels = widths[-1]
        self.conv_in = nn.Conv2d(latent, channels, 3, padding=1)
        self.mid = middle(channels)
        self.conv_blocks = nn.ModuleList()
        for i, out in enumerate(reversed(widths)):
            level = Level(channels, out, 3, i == 0)
            if i < len(widths) - 1:
                level.upsample = sampler(out, 1)
            self.conv_blocks.append(level)
            channels = out
        self.norm_out = normalise(channels)
        self.conv_out = nn.Conv2d(channels, 3, 3, padding=1)

    def forward(self, z):
        x = self.conv_in(z)
        for block in self.mid:
            x = block(x)
        for level in self.conv_blocks:
            x = level(x)
            if hasattr(level, "upsample"):
                x = level.upsample.conv(F.interpolate(x, scale_factor=2, mode="nearest"))
        return self.conv_out(swish(self.norm_out(x)))


class Quantizer(nn.Module):
    def __init__(self, codes, dimensions):
        super().__init__()
        self.embedding = nn.Embedding(codes, dimensions)
        self.register_buffer("codebook_used", torch.zeros(16))

    def codebook(self):
        return F.normalize(self.embedding.weight, dim=-1)


class ImageTokenizer(nn.Module):
    def __init__(self, widths, codes, dimensions=8, latent=32):
        super().__init__()
        self.encoder = Encoder(widths, latent)
        self.decoder = Decoder(widths, latent)
        self.quantize = Quantizer(codes, dimensions)
        self.quant_conv = nn.Conv2d(latent, dimensions, 1)
        self.post_quant_conv = nn.Conv2d(dimensions, latent, 1)
        for module in self.modules():
            if isinstance(module, nn.GroupNorm):
                nn.init.normal_(module.weight, 1, 0.2)
                nn.init.normal_(module.bias, 0, 0.2)

    @torch.no_grad()
    def decode(self, tokens):
        """tokens [rows, columns] -> pixels [3, height, width]."""
        return self.decoder(self.post_quant_conv(self.quantize.codebook()[tokens].permute(2, 0, 1).unsqueeze(0)))[0]

    @torch.no_grad()
    def similarities(self, pixels):
        """pixels [3, height, width] -> inner product with every code [rows, columns, codes]."""
        latent = self.quant_conv(self.encoder(pixels.unsqueeze(0)))[0].permute(1, 2, 0)
        return F.normalize(latent, dim=-1) @ self.quantize.codebook().T
