"""A masked image model in aMUSEd's layout in plain PyTorch, for reference values.

Written from the model's description, for clarity and not for speed: everything is worked out anew at every step.
Parameter names are those of the published checkpoints.
"""

import math

import torch
import torch.nn.functional as F
from reference import normalise, swish
from torch import nn

MICRO_FEATURES = 256
CROP = 0
AESTHETIC_SCORE = 6


def linear(width, out):
    return nn.Linear(width, out, bias=False)


class RMSNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(1 + 0.2 * torch.randn(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * self.weight


class LayerNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(1 + 0.2 * torch.randn(width))

    def forward(self, x):
        return F.layer_norm(x, x.shape[-1:], self.weight, None, 1e-6)


class AdaptiveNorm(nn.Module):
    def __init__(self, norm, width, condition):
        super().__init__()
        self.norm, self.linear = norm, linear(condition, 2 * width)

    def forward(self, x, condition):
        scale, shift = self.linear(F.silu(condition)).unsqueeze(1).chunk(2, dim=-1)
        return self.norm(x) * (1 + scale) + shift


class Attention(nn.Module):
    def __init__(self, width, heads, source):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = linear(width, width), linear(source, width), linear(source, width)
        self.to_out = nn.ModuleList([linear(width, width)])

    def forward(self, x, source):
        q, k, v = self.to_q(x), self.to_k(source), self.to_v(source)
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (q, k, v))
        shares = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(-1)
        return self.to_out[0]((shares @ v).transpose(1, 2).flatten(-2))


class Gate(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.proj = linear(width, 2 * hidden)

    def forward(self, x):
        value, gate = self.proj(x).chunk(2, dim=-1)
        return value * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, width, hidden):
        super().__init__()
        self.net = nn.ModuleList([Gate(width, hidden), nn.Identity(), linear(hidden, width)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class Layer(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.norm1 = AdaptiveNorm(RMSNorm(width), width, width)
        self.norm2 = AdaptiveNorm(RMSNorm(width), width, width)
        self.norm3 = AdaptiveNorm(LayerNorm(width), width, width)
        self.attn1, self.attn2 = Attention(width, heads, width), Attention(width, heads, width)
        self.ff = FeedForward(width, hidden)

    def forward(self, x, text, condition):
        own = self.norm1(x, condition)
        x = x + self.attn1(own, own)
        x = x + self.attn2(self.norm2(x, condition), text)
        return x + self.ff(self.norm3(x, condition))


class ResponseNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.gamma = nn.Parameter(0.5 * torch.randn(1, 1, 1, width))
        self.beta = nn.Parameter(0.2 * torch.randn(1, 1, 1, width))

    def forward(self, x):
        lengths = x.norm(dim=(1, 2), keepdim=True)
        response = lengths / (lengths.mean(dim=-1, keepdim=True) + 1e-6)
        return self.gamma * (x * response) + self.beta + x


class ConvolutionBlock(nn.Module):
    def __init__(self, channels, condition):
        super().__init__()
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=False)
        self.norm = RMSNorm(channels)
        self.channelwise_linear_1, self.channelwise_linear_2 = linear(channels, 4 * channels), linear(4 * channels, channels)
        self.channelwise_norm = ResponseNorm(4 * channels)
        self.cond_embeds_mapper = linear(condition, 2 * channels)

    def forward(self, x, condition):
        y = self.norm(self.depthwise(x).permute(0, 2, 3, 1))
        y = self.channelwise_linear_2(self.channelwise_norm(F.gelu(self.channelwise_linear_1(y))))
        scale, shift = self.cond_embeds_mapper(F.silu(condition))[:, :, None, None].chunk(2, dim=1)
        return (x + y.permute(0, 3, 1, 2)) * (1 + scale) + shift


class TextBlock(nn.Module):
    """Both attentions look at the text."""

    def __init__(self, channels, heads, text):
        super().__init__()
        if text != channels:
            self.kv_mapper = linear(text, channels)
        self.norm1, self.norm2 = RMSNorm(channels), RMSNorm(channels)
        self.attn1, self.attn2 = Attention(channels, heads, channels), Attention(channels, heads, channels)

    def forward(self, x, text):
        if hasattr(self, "kv_mapper"):
            text = self.kv_mapper(F.silu(text))
        batch, channels, height, width = x.shape
        rows = x.flatten(2).transpose(1, 2)
        rows = rows + self.attn1(self.norm1(rows), text)
        rows = rows + self.attn2(self.norm2(rows), text)
        return rows.transpose(1, 2).view(batch, channels, height, width)


class Resampling(nn.Module):
    def __init__(self, channels, convolution):
        super().__init__()
        self.norm, self.conv = RMSNorm(channels), convolution(channels, channels, 2, stride=2, bias=False)

    def forward(self, x):
        return self.conv(self.norm(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


class Stage(nn.Module):
    def __init__(self, channels, blocks, heads, hidden, down, up):
        super().__init__()
        if down:
            self.downsample = Resampling(channels, nn.Conv2d)
        self.res_blocks = nn.ModuleList(ConvolutionBlock(channels, hidden) for _ in range(blocks))
        self.attention_blocks = nn.ModuleList(TextBlock(channels, heads, hidden) for _ in range(blocks))
        if up:
            self.upsample = Resampling(channels, nn.ConvTranspose2d)

    def forward(self, x, text, condition):
        if hasattr(self, "downsample"):
            x = self.downsample(x)
        for convolution, attention in zip(self.res_blocks, self.attention_blocks):
            x = attention(convolution(x, condition), text)
        return self.upsample(x) if hasattr(self, "upsample") else x


def micro_condition(width, height):
    """The picture's size and two constants as sinusoids, [5 * 256]: all cosines of a number before its sines."""
    numbers = torch.tensor([width, height, CROP, CROP, AESTHETIC_SCORE]).float()
    half = MICRO_FEATURES // 2
    frequencies = torch.exp(-math.log(10000) * torch.arange(half).float() / half)
    angles = numbers[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], dim=-1).flatten()


class Transformer(nn.Module):
    """tokens [B, h, w], text states [B, T, D] and pooled text [B, P] -> logits [B, h * w, codes]."""

    def __init__(self, config):
        super().__init__()
        hidden, channels = config["hidden_size"], config["block_out_channels"]
        blocks, heads = config["num_res_blocks"], config["block_num_heads"]
        micro = 5 * MICRO_FEATURES
        self.embed, self.mlm_layer = nn.Module(), nn.Module()
        self.embed.embeddings = nn.Embedding(config["vocab_size"], config["in_channels"])
        self.embed.layer_norm = RMSNorm(config["in_channels"])
        self.embed.conv = nn.Conv2d(config["in_channels"], channels, 1, bias=False)
        self.encoder_proj, self.encoder_proj_layer_norm = linear(config["encoder_hidden_size"], hidden), RMSNorm(hidden)
        self.cond_embed = nn.Module()
        self.cond_embed.linear_1 = linear(config["cond_embed_dim"] + micro, hidden)
        self.cond_embed.linear_2 = linear(hidden, hidden)
        down, up = config["downsample"], config["upsample"]
        self.down_block = Stage(channels, blocks, heads, hidden, down, False)
        self.project_to_hidden_norm, self.project_to_hidden = RMSNorm(channels), linear(channels, hidden)
        self.transformer_layers = nn.ModuleList(
            Layer(hidden, config["num_attention_heads"], config["intermediate_size"]) for _ in range(config["num_hidden_layers"])
        )
        self.project_from_hidden_norm, self.project_from_hidden = RMSNorm(hidden), linear(hidden, channels)
        self.up_block = Stage(channels, blocks, heads, hidden, False, up)
        self.mlm_layer.conv1 = nn.Conv2d(channels, config["in_channels"], 1, bias=False)
        self.mlm_layer.layer_norm = RMSNorm(config["in_channels"])
        self.mlm_layer.conv2 = nn.Conv2d(config["in_channels"], config["codebook_size"], 1, bias=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=(0.5 if "cond" in name or "norm" in name else 1.2) / parameter.shape[1] ** 0.5)
        nn.init.normal_(self.embed.embeddings.weight)
        nn.init.normal_(self.mlm_layer.conv2.weight, std=3 / config["in_channels"] ** 0.5)

    def forward(self, tokens, states, pooled, picture):
        text = self.encoder_proj_layer_norm(self.encoder_proj(states))
        micro = micro_condition(*picture).expand(len(tokens), -1)
        condition = self.cond_embed.linear_2(F.silu(self.cond_embed.linear_1(torch.cat([pooled, micro], dim=-1))))
        x = self.embed.conv(self.embed.layer_norm(self.embed.embeddings(tokens)).permute(0, 3, 1, 2))
        x = self.down_block(x, text, condition)
        batch, channels, height, width = x.shape
        rows = self.project_to_hidden(self.project_to_hidden_norm(x.flatten(2).transpose(1, 2)))
        for layer in self.transformer_layers:
            rows = layer(rows, text, condition)
        rows = self.project_from_hidden(self.project_from_hidden_norm(rows))
        x = self.up_block(rows.transpose(1, 2).reshape(batch, channels, height, width), text, condition)
        y = self.mlm_layer.layer_norm(self.mlm_layer.conv1(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return self.mlm_layer.conv2(y).flatten(2).transpose(1, 2)


class TextAttention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q_proj, self.k_proj, self.v_proj, self.out_proj = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x):
        q, k, v = (part(x).unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (self.q_proj, self.k_proj, self.v_proj))
        later = torch.ones(x.shape[1], x.shape[1], dtype=torch.bool).triu(1)
        shares = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).masked_fill(later, float("-inf")).softmax(-1)
        return self.out_proj((shares @ v).transpose(1, 2).flatten(-2))


class TextLayer(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.self_attn = TextAttention(width, config["num_attention_heads"])
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp = nn.Module()
        self.mlp.fc1, self.mlp.fc2 = nn.Linear(width, config["intermediate_size"]), nn.Linear(config["intermediate_size"], width)
        self.quick = config["hidden_act"] == "quick_gelu"

    def forward(self, x):
        x = x + self.self_attn(self.layer_norm1(x))
        y = self.mlp.fc1(self.layer_norm2(x))
        return x + self.mlp.fc2(y * torch.sigmoid(1.702 * y) if self.quick else F.gelu(y))


class TextEncoder(nn.Module):
    """CLIP's text tower: ids [B, S] -> the last but one layer's states [B, S, D], and the projected state of the end."""

    def __init__(self, config):
        super().__init__()
        width = config["hidden_size"]
        self.end = config["eos_token_id"]
        self.text_model = nn.Module()
        self.text_model.embeddings, self.text_model.encoder = nn.Module(), nn.Module()
        self.text_model.embeddings.token_embedding = nn.Embedding(config["vocab_size"], width)
        self.text_model.embeddings.position_embedding = nn.Embedding(config["max_position_embeddings"], width)
        self.text_model.encoder.layers = nn.ModuleList(TextLayer(config) for _ in range(config["num_hidden_layers"]))
        self.text_model.final_layer_norm = nn.LayerNorm(width)
        self.text_projection = linear(width, config["projection_dim"])
        for module in self.modules():
            if isinstance(module, nn.LayerNorm):
                nn.init.normal_(module.weight, 1, 0.2)
                nn.init.normal_(module.bias, 0, 0.2)

    @torch.no_grad()
    def forward(self, ids):
        embeddings = self.text_model.embeddings
        x = embeddings.token_embedding(ids) + embeddings.position_embedding.weight[: ids.shape[1]]
        for layer in self.text_model.encoder.layers:
            before, x = x, layer(x)
        # Old configurations call every model's end 2 and mean the largest id.
        ends = ids.argmax(-1) if self.end == 2 else (ids == self.end).int().argmax(-1)
        last = self.text_model.final_layer_norm(x)[torch.arange(len(ids)), ends]
        return before, self.text_projection(last)


class Residual(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.norm1, self.conv1 = normalise(channels), nn.Conv2d(channels, out, 3, padding=1)
        self.norm2, self.conv2 = normalise(out), nn.Conv2d(out, out, 3, padding=1)
        if channels != out:
            self.conv_shortcut = nn.Conv2d(channels, out, 1)

    def forward(self, x):
        y = self.conv2(swish(self.norm2(self.conv1(swish(self.norm1(x))))))
        return y + (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x)


def residuals(channels, out, count):
    return nn.ModuleList(Residual(channels if i == 0 else out, out) for i in range(count))


class Sampler(nn.Module):
    def __init__(self, channels, stride):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=stride, padding=1 if stride == 1 else 0)


def middle(channels):
    block = nn.Module()
    block.resnets = nn.ModuleList([Residual(channels, channels), Residual(channels, channels)])
    return block


class Encoder(nn.Module):
    def __init__(self, widths, latent):
        super().__init__()
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList()
        channels = widths[0]
        for i, out in enumerate(widths):
            block = nn.Module()
            block.resnets = residuals(channels, out, 2)
            if i < len(widths) - 1:
                block.downsamplers = nn.ModuleList([Sampler(out, 2)])
            self.down_blocks.append(block)
            channels = out
        self.mid_block = middle(channels)
        self.conv_norm_out = normalise(channels)
        self.conv_out = nn.Conv2d(channels, latent, 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for block in self.down_blocks:
            for resnet in block.resnets:
                x = resnet(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0].conv(F.pad(x, (0, 1, 0, 1)))
        for resnet in self.mid_block.resnets:
            x = resnet(x)
        return self.conv_out(swish(self.conv_norm_out(x)))


class Decoder(nn.Module):
    """Block 0 is the one of the lowest resolution, and comes first."""

    def __init__(self, widths, latent):
        super().__init__()
        channels = widths[-1]
        self.conv_in = nn.Conv2d(latent, channels, 3, padding=1)
        self.mid_block = middle(channels)
        self.up_blocks = nn.ModuleList()
        for i, out in enumerate(reversed(widths)):
            block = nn.Module()
            block.resnets = residuals(channels, out, 3)
            if i < len(widths) - 1:
                block.upsamplers = nn.ModuleList([Sampler(out, 1)])
            self.up_blocks.append(block)
            channels = out
        self.conv_norm_out = normalise(channels)
        self.conv_out = nn.Conv2d(channels, 3, 3, padding=1)

    def forward(self, z):
        x = self.conv_in(z)
        for resnet in self.mid_block.resnets:
            x = resnet(x)
        for block in self.up_blocks:
            for resnet in block.resnets:
                x = resnet(x)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0].conv(F.interpolate(x, scale_factor=2, mode="nearest"))
        return self.conv_out(swish(self.conv_norm_out(x)))


class ImageTokenizer(nn.Module):
    """Pictures are 0 to 1."""

    def __init__(self, widths, codes, dimensions):
        super().__init__()
        self.encoder, self.decoder = Encoder(widths, dimensions), Decoder(widths, dimensions)
        self.quantize = nn.Module()
        self.quantize.embedding = nn.Embedding(codes, dimensions)
        self.quant_conv, self.post_quant_conv = nn.Conv2d(dimensions, dimensions, 1), nn.Conv2d(dimensions, dimensions, 1)
        for module in self.modules():
            if isinstance(module, nn.GroupNorm):
                nn.init.normal_(module.weight, 1, 0.2)
                nn.init.normal_(module.bias, 0, 0.2)

    @torch.no_grad()
    def decode(self, tokens):
        """tokens [h, w] -> [3, H, W]"""
        vectors = self.quantize.embedding(tokens).permute(2, 0, 1)
        return self.decoder(self.post_quant_conv(vectors.unsqueeze(0)))[0].clamp(0, 1)

    @torch.no_grad()
    def distances(self, picture):
        """picture [3, H, W] -> squared distances to all codes [h, w, codes]"""
        latent = self.quant_conv(self.encoder(picture.unsqueeze(0)))[0].permute(1, 2, 0)
        return (latent.unsqueeze(-2) - self.quantize.embedding.weight).pow(2).sum(-1)


def mask_length(step, steps, schedule, cells, masked, start=1.0):
    """How many cells are masked after a step, in single precision as the schedulers compute it."""
    ratio = torch.tensor(step + 1) / steps
    share = torch.cos(ratio * math.pi / 2) if schedule == "cosine" else 1 - ratio
    return max(1, min(masked - 1, int((cells * (start * share)).floor())))


@torch.no_grad()
def greedy(logits_of, mask_token, side, steps, schedule, guidance, given=None):
    """The likeliest tokens, without noise, from tokens that are given or from none; guidance of all steps or of each. Returns tokens, logits [steps, 2, cells, codes], tokens after each step, margins."""
    cells = side * side
    tokens = torch.full((cells,), mask_token) if given is None else given
    start = float((tokens == mask_token).sum()) / cells
    logits, states, margins = [], [], []
    for step in range(steps):
        both = logits_of(tokens.view(1, side, side).expand(2, -1, -1))
        logits.append(both)
        scale = guidance[step] if isinstance(guidance, list) else guidance
        shares = (both[1] + scale * (both[0] - both[1])).log_softmax(-1)
        best = shares.topk(2, dim=-1)
        unknown = tokens == mask_token
        margins.append(float((best.values[:, 0] - best.values[:, 1])[unknown].min()))
        drawn = torch.where(unknown, best.indices[:, 0], tokens)
        if step < steps - 1:
            confidence = torch.where(unknown, best.values[:, 0], torch.inf)
            masked = mask_length(step, steps, schedule, cells, int(unknown.sum()), start)
            ordered = confidence.sort().values
            margins.append(float(ordered[masked] - ordered[masked - 1]))
            tokens = torch.where(confidence < ordered[masked], mask_token, drawn)
        else:
            tokens = drawn
        states.append(tokens)
    return tokens, torch.stack(logits), torch.stack(states), min(margins)
