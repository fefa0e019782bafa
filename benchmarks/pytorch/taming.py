"""VQGAN + GPT (taming-transformers): the published procedure for pictures larger than the window, and random checkpoints.

The transformer is run over a whole window for every token, as the published script does, with PyTorch's fused attention
in place of the published one, which is slower. Names are those of the published checkpoints.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

SIDE = 16
WINDOW = SIDE * SIDE


@dataclass(frozen=True)
class Size:
    """One token of condition, a class, unless it is conditioned on a map."""

    layers: int
    width: int
    heads: int
    codes: int
    mapped: bool
    picture_widths: tuple[int, ...]

    @property
    def positions(self) -> int:
        return 2 * WINDOW if self.mapped else WINDOW


SMALL = Size(layers=4, width=256, heads=8, codes=1024, mapped=True, picture_widths=(32, 32, 32, 64, 64))
CLASSES = Size(layers=4, width=256, heads=8, codes=1024, mapped=False, picture_widths=(32, 32, 32, 64, 64))
MEDIUM = Size(layers=8, width=512, heads=8, codes=1024, mapped=True, picture_widths=(32, 32, 32, 64, 64))
# As wide as the published model of landscapes from maps, with two of its 24 layers.
WIDE = Size(layers=2, width=1024, heads=16, codes=1024, mapped=True, picture_widths=(32, 32, 32, 64, 64))
WIDE_CLASSES = Size(layers=2, width=1024, heads=16, codes=1024, mapped=False, picture_widths=(32, 32, 32, 64, 64))
CIN = Size(layers=48, width=1536, heads=24, codes=16384, mapped=False, picture_widths=(128, 128, 256, 256, 512))
SIZES = {
    "small": SMALL,
    "classes": CLASSES,
    "medium": MEDIUM,
    "wide": WIDE,
    "wide-classes": WIDE_CLASSES,
    "cin": CIN,
}


class Attention(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.heads = size.heads
        self.key, self.query, self.value, self.proj = (nn.Linear(size.width, size.width) for _ in range(4))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        batch, length, width = x.shape
        q, k, v = (part(x).view(batch, length, self.heads, -1).transpose(1, 2) for part in (self.query, self.key, self.value))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(mixed.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(size.width), nn.LayerNorm(size.width)
        self.attn = Attention(size)
        self.mlp = nn.Sequential(nn.Linear(size.width, 4 * size.width), nn.GELU(), nn.Linear(4 * size.width, size.width))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = x + self.attn(self.ln1(x))
        return x + self.mlp(self.ln2(x))


class Gpt(nn.Module):
    def __init__(self, size: Size) -> None:
        super().__init__()
        self.tok_emb = nn.Embedding(size.codes, size.width)
        self.pos_emb = nn.Parameter(torch.zeros(1, size.positions, size.width))
        self.blocks = nn.Sequential(*(Block(size) for _ in range(size.layers)))
        self.ln_f = nn.LayerNorm(size.width)
        self.head = nn.Linear(size.width, size.codes, bias=False)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        x = self.tok_emb(ids) + self.pos_emb[:, : ids.shape[1]]
        return self.head(self.ln_f(self.blocks(x)))


def place(cell: int, cells: int) -> int:
    """Where in its window a cell of a longer axis lies."""
    if cell <= SIDE // 2:
        return cell
    return SIDE - (cells - cell) if cells - cell < SIDE // 2 else SIDE // 2


@torch.inference_mode()
def draw_rows(model: Gpt, condition: torch.Tensor, tokens: torch.Tensor, rows: range, top_k: int) -> None:
    """Draws rows of a grid: tokens [H, W]; condition [H, W], a map, or [1], a class."""
    height, width = tokens.shape
    for i in rows:
        local_i = place(i, height)
        for j in range(width):
            local_j = place(j, width)
            window = slice(i - local_i, i - local_i + SIDE), slice(j - local_j, j - local_j + SIDE)
            sequence = torch.cat([condition[window].flatten() if condition.dim() == 2 else condition, tokens[window].flatten()])[:-1]
            logits = model(sequence.unsqueeze(0))[0, -WINDOW:].view(SIDE, SIDE, -1)[local_i, local_j]
            least = torch.topk(logits, top_k).values[-1]
            shares = logits.masked_fill(logits < least, float("-inf")).softmax(-1)
            tokens[i, j] = torch.multinomial(shares, 1)


def random_gpt(size: Size) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    with torch.device("meta"):
        shapes = {name: parameter.shape for name, parameter in Gpt(size).named_parameters()}
    state = {}
    for name, shape in shapes.items():
        if "ln" in name:
            state[name] = torch.ones(shape) if name.endswith("weight") else torch.zeros(shape)
        elif name.endswith("bias"):
            state[name] = torch.zeros(shape)
        else:
            state[name] = torch.empty(shape).normal_(std=0.1 if name == "head.weight" else 0.02)
    return state


def random_vqgan(channels: int, widths: tuple[int, ...], codes: int, dimensions: int = 256) -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    tensors: dict[str, torch.Tensor] = {}

    def conv(name: str, inputs: int, outputs: int, kernel: int) -> None:
        tensors[name + ".weight"] = torch.randn(outputs, inputs, kernel, kernel) / (inputs * kernel**2) ** 0.5
        tensors[name + ".bias"] = torch.zeros(outputs)

    def norm(name: str, width: int) -> None:
        tensors[name + ".weight"], tensors[name + ".bias"] = torch.ones(width), torch.zeros(width)

    def residual(name: str, inputs: int, outputs: int) -> None:
        norm(name + ".norm1", inputs)
        conv(name + ".conv1", inputs, outputs, 3)
        norm(name + ".norm2", outputs)
        conv(name + ".conv2", outputs, outputs, 3)
        if inputs != outputs:
            conv(name + ".nin_shortcut", inputs, outputs, 1)

    def attention(name: str, width: int) -> None:
        norm(name + ".norm", width)
        for part in ("q", "k", "v", "proj_out"):
            conv(f"{name}.{part}", width, width, 1)

    def middle(name: str, width: int) -> None:
        residual(name + ".block_1", width, width)
        attention(name + ".attn_1", width)
        residual(name + ".block_2", width, width)

    def level(name: str, inputs: int, width: int, blocks: int, attended: bool) -> None:
        for index in range(blocks):
            residual(f"{name}.block.{index}", inputs if index == 0 else width, width)
            if attended:
                attention(f"{name}.attn.{index}", width)

    last = len(widths) - 1
    conv("encoder.conv_in", channels, widths[0], 3)
    for index, width in enumerate(widths):
        level(f"encoder.down.{index}", widths[max(index - 1, 0)], width, 2, index == last)
        if index < last:
            conv(f"encoder.down.{index}.downsample.conv", width, width, 3)
    middle("encoder.mid", widths[-1])
    norm("encoder.norm_out", widths[-1])
    conv("encoder.conv_out", widths[-1], dimensions, 3)
    conv("decoder.conv_in", dimensions, widths[-1], 3)
    middle("decoder.mid", widths[-1])
    for index, width in enumerate(widths):
        level(f"decoder.up.{index}", widths[min(index + 1, last)], width, 3, index == last)
        if index > 0:
            conv(f"decoder.up.{index}.upsample.conv", width, width, 3)
    norm("decoder.norm_out", widths[0])
    conv("decoder.conv_out", widths[0], channels, 3)
    conv("quant_conv", dimensions, dimensions, 1)
    conv("post_quant_conv", dimensions, dimensions, 1)
    tensors["quantize.embedding.weight"] = torch.randn(codes, dimensions)
    return tensors


def write_checkpoint(size: Size, folder: Path) -> None:
    """A random checkpoint in the published layout: last.ckpt and project.yaml."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {"transformer": random_gpt(size), "first_stage_model": random_vqgan(3, size.picture_widths, size.codes)}
    if size.mapped:
        parts["cond_stage_model"] = random_vqgan(1, size.picture_widths, size.codes)
    state = {f"{part}.{name}": tensor for part, tensors in parts.items() for name, tensor in tensors.items()}
    torch.save({"state_dict": state}, folder / "last.ckpt")
    condition = {"target": "taming.models.vqgan.VQModel"} if size.mapped else {"target": "taming.modules.util.Labelator", "params": {"n_classes": 1000}}
    parameters = {
        "cond_stage_key": "depth" if size.mapped else "class",
        "transformer_config": {"params": {"n_head": size.heads}},
        "cond_stage_config": condition,
    }
    (folder / "project.yaml").write_text(json.dumps({"model": {"params": parameters}}))
