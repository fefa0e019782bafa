"""VAR in plain PyTorch, for reference values.

Written from the model's description, for clarity and not for speed: no cache, all scales so far at every scale, the
adaptive normalisations worked out anew. Parameter names are those of the published checkpoints.
"""

import math

import torch
import torch.nn.functional as F
from reference import Residual, normalise, sampler, swish
from torch import nn

PHI_OF_TEN_SCALES = [0, 0, 1, 1, 1, 2, 2, 3, 3, 3]
PHI_OF_FOUR_SCALES = [0, 1, 2, 3]


class Attention(nn.Module):
    def __init__(self, width, heads, unit):
        super().__init__()
        self.heads, self.unit = heads, unit
        if unit:
            self.scale_mul_1H11 = nn.Parameter(torch.empty(1, heads, 1, 1).uniform_(math.log(2), math.log(150)))
        self.mat_qkv = nn.Linear(width, 3 * width, bias=False)
        self.q_bias, self.v_bias = nn.Parameter(0.3 * torch.randn(width)), nn.Parameter(0.3 * torch.randn(width))
        self.register_buffer("zero_k_bias", torch.zeros(width))
        self.proj = nn.Linear(width, width)

    def forward(self, x, visible):
        batch, length, width = x.shape
        bias = torch.cat([self.q_bias, self.zero_k_bias, self.v_bias])
        parts = F.linear(x, self.mat_qkv.weight, bias).view(batch, length, 3, self.heads, -1)
        q, k, v = (parts[:, :, i].transpose(1, 2) for i in range(3))
        if self.unit:
            sharpness = self.scale_mul_1H11.clamp(max=math.log(100)).exp()
            q, k = F.normalize(q, dim=-1) * sharpness, F.normalize(k, dim=-1)
        else:
            q = q * 0.25 / (width // self.heads) ** 0.5
        shares = (q @ k.transpose(-1, -2)).masked_fill(~visible, float("-inf")).softmax(-1)
        return self.proj((shares @ v).transpose(1, 2).reshape(batch, length, width))


class FeedForward(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


def plain_norm(x):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6)


class Block(nn.Module):
    def __init__(self, width, heads, unit, shared):
        super().__init__()
        self.attn = Attention(width, heads, unit)
        self.ffn = FeedForward(width)
        if shared:
            self.ada_gss = nn.Parameter(torch.randn(1, 1, 6, width) / 4)
        else:
            self.ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))

    def forward(self, x, condition, visible):
        if hasattr(self, "ada_gss"):
            rows = condition + self.ada_gss
        else:
            rows = self.ada_lin(condition).view(-1, 1, 6, x.shape[-1])
        gain1, gain2, scale1, scale2, shift1, shift2 = rows.unbind(2)
        x = x + gain1 * self.attn(plain_norm(x) * (1 + scale1) + shift1, visible)
        return x + gain2 * self.ffn(plain_norm(x) * (1 + scale2) + shift2)


class Head(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    def forward(self, x, condition):
        scale, shift = self.ada_lin(condition).view(-1, 1, 2, x.shape[-1]).unbind(2)
        return plain_norm(x) * (1 + scale) + shift


class Transformer(nn.Module):
    def __init__(self, width, layers, heads, codes, dimensions, classes, scales, shared=False, unit=True):
        super().__init__()
        self.scales, self.classes = scales, classes
        levels = torch.cat([torch.full((side * side,), level) for level, side in enumerate(scales)])
        self.word_embed = nn.Linear(dimensions, width)
        self.class_emb = nn.Embedding(classes + 1, width)
        self.pos_start = nn.Parameter(0.5 * torch.randn(1, 1, width))
        self.pos_1LC = nn.Parameter(0.5 * torch.randn(1, len(levels), width))
        self.lvl_embed = nn.Embedding(len(scales), width)
        if shared:
            self.shared_ada_lin = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))
        self.blocks = nn.ModuleList(Block(width, heads, unit, shared) for _ in range(layers))
        self.register_buffer("lvl_1L", levels.view(1, -1))
        hidden = levels.view(-1, 1) < levels.view(1, -1)
        self.register_buffer("attn_bias_for_masking", torch.zeros(hidden.shape).masked_fill(hidden, -torch.inf)[None, None])
        self.head_nm = Head(width)
        self.head = nn.Linear(width, codes)
        nn.init.normal_(self.head.weight, std=4 / width**0.5)

    def forward(self, labels, words):
        """labels [B], words [B, tokens after the first scale, Z] -> logits [B, 1 + tokens, codes]."""
        condition = self.class_emb(labels)
        places = self.lvl_embed(self.lvl_1L[0]) + self.pos_1LC[0]
        first = condition.unsqueeze(1) + self.pos_start
        x = torch.cat([first, self.word_embed(words)], dim=1) + places[: 1 + words.shape[1]]
        levels = self.lvl_1L[0, : x.shape[1]]
        visible = levels.view(-1, 1) >= levels.view(1, -1)
        rows = self.shared_ada_lin(condition).view(-1, 1, 6, x.shape[-1]) if hasattr(self, "shared_ada_lin") else condition
        for block in self.blocks:
            x = block(x, rows, visible)
        return self.head(self.head_nm(x, condition))


class FusedAttention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = normalise(channels)
        self.qkv, self.proj_out = nn.Conv2d(channels, 3 * channels, 1), nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        q, k, v = self.qkv(self.norm(x)).flatten(2).transpose(1, 2).chunk(3, dim=-1)
        shares = (q @ k.transpose(1, 2) / x.shape[1] ** 0.5).softmax(-1)
        return x + self.proj_out((shares @ v).transpose(1, 2).view_as(x))


class Level(nn.Module):
    def __init__(self, channels, out, blocks, attention):
        super().__init__()
        self.block = nn.ModuleList(Residual(channels if i == 0 else out, out) for i in range(blocks))
        self.attn = nn.ModuleList(FusedAttention(out) for _ in range(blocks if attention else 0))

    def forward(self, x):
        for i, block in enumerate(self.block):
            x = block(x)
            if len(self.attn) > 0:
                x = self.attn[i](x)
        return x


class Middle(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.block_1, self.attn_1, self.block_2 = Residual(channels, channels), FusedAttention(channels), Residual(channels, channels)

    def forward(self, x):
        return self.block_2(self.attn_1(self.block_1(x)))


class Encoder(nn.Module):
    def __init__(self, widths, latent):
        super().__init__()
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
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


class Quantizer(nn.Module):
    def __init__(self, codes, dimensions, scales, phis=4):
        super().__init__()
        self.embedding = nn.Embedding(codes, dimensions)
        self.quant_resi = nn.Module()
        self.quant_resi.qresi_ls = nn.ModuleList(nn.Conv2d(dimensions, dimensions, 3, padding=1) for _ in range(phis))
        self.register_buffer("ema_vocab_hit_SV", torch.zeros(len(scales), codes))
        self.scales = scales

    def refined(self, latent, vectors, scale):
        """latent [Z, P, P], vectors [p * p, Z] -> the latent with this scale in it."""
        side, finest = self.scales[scale], self.scales[-1]
        table = PHI_OF_TEN_SCALES if len(self.scales) == 10 else PHI_OF_FOUR_SCALES
        assert len(table) == len(self.scales)
        grown = vectors.T.reshape(1, -1, side, side)
        if scale < len(self.scales) - 1:
            grown = F.interpolate(grown, size=(finest, finest), mode="bicubic")
        return latent + (0.5 * grown + 0.5 * self.quant_resi.qresi_ls[table[scale]](grown))[0]

    def words(self, latent, scale):
        """What the transformer is fed at a scale, [p * p, Z]."""
        return F.adaptive_avg_pool2d(latent, self.scales[scale]).flatten(1).T


class ImageTokenizer(nn.Module):
    def __init__(self, widths, codes, dimensions, scales):
        super().__init__()
        self.encoder, self.decoder = Encoder(widths, dimensions), Decoder(widths, dimensions)
        self.quantize = Quantizer(codes, dimensions, scales)
        self.quant_conv = nn.Conv2d(dimensions, dimensions, 3, padding=1)
        self.post_quant_conv = nn.Conv2d(dimensions, dimensions, 3, padding=1)
        for module in self.modules():
            if isinstance(module, nn.GroupNorm):
                nn.init.normal_(module.weight, 1, 0.2)
                nn.init.normal_(module.bias, 0, 0.2)

    @torch.no_grad()
    def decode(self, latent):
        return self.decoder(self.post_quant_conv(latent.unsqueeze(0)))[0].clamp(-1, 1)


@torch.no_grad()
def greedy(transformer, tokenizer, label, cfg):
    """Returns all scales' tokens, logits [L, 2, codes] before guidance, guided logits and the latent after each scale."""
    scales, quantize = transformer.scales, tokenizer.quantize
    labels = torch.tensor([label, transformer.classes])
    latent = torch.zeros(quantize.embedding.weight.shape[1], scales[-1], scales[-1])
    words = torch.zeros(0, latent.shape[0])
    tokens, logits, guided, latents = [], [], [], []
    for scale, side in enumerate(scales):
        both = transformer(labels, words.expand(2, -1, -1))[:, -side * side :]
        ramp = cfg * scale / (len(scales) - 1)
        mixed = (1 + ramp) * both[0] - ramp * both[1]
        drawn = mixed.argmax(-1)
        latent = quantize.refined(latent, quantize.embedding(drawn), scale)
        tokens += drawn.tolist()
        logits.append(both.transpose(0, 1))
        guided.append(mixed)
        latents.append(latent)
        if scale + 1 < len(scales):
            words = torch.cat([words, quantize.words(latent, scale + 1)])
    return tokens, torch.cat(logits), torch.cat(guided), torch.stack(latents)
