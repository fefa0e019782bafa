"""VAR-d16 and its image tokenizer with random weights, in the published layout, and the time that PyTorch takes for a picture.

    python var.py write FOLDER                  var.pth and vae.pth
    python var.py time FOLDER REPETITIONS       one JSON object: seconds of each repetition, of all scales, decoder and encoder

The transformer runs as the published one does: two rows for guidance, keys and values of past scales kept, every layer's
adaptive normalisation worked out at every scale; with PyTorch's fused attention.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).parents[2] / "model-importer/src/test/python"))
import reference_var as reference  # noqa: E402

SCALES = [1, 2, 3, 4, 5, 6, 8, 10, 13, 16]
CODES, DIMENSIONS, CLASSES, DEPTH = 4096, 32, 1000, 16
WIDTHS = [160, 160, 320, 320, 640]
CFG, TOP_K, TOP_P = 4.0, 900, 0.95


def transformer() -> reference.Transformer:
    return reference.Transformer(64 * DEPTH, DEPTH, DEPTH, CODES, DIMENSIONS, CLASSES, SCALES)


def tokenizer() -> reference.ImageTokenizer:
    return reference.ImageTokenizer(WIDTHS, CODES, DIMENSIONS, SCALES)


def write(folder: Path) -> None:
    torch.manual_seed(0)
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(transformer().state_dict(), folder / "var.pth")
    torch.save(tokenizer().state_dict(), folder / "vae.pth")


class Cached:
    """A layer's attention that keeps the keys and values of the scales before."""

    def __init__(self, attention: reference.Attention) -> None:
        self.own, self.past = attention, None

    def __call__(self, x: torch.Tensor) -> torch.Tensor:
        own, (batch, length, width) = self.own, x.shape
        bias = torch.cat([own.q_bias, own.zero_k_bias, own.v_bias])
        q, k, v = F.linear(x, own.mat_qkv.weight, bias).view(batch, length, 3, own.heads, -1).permute(2, 0, 3, 1, 4).unbind(0)
        q = F.normalize(q, dim=-1) * own.scale_mul_1H11.clamp_max(math.log(100)).exp()
        k = F.normalize(k, dim=-1)
        if self.past is not None:
            k, v = torch.cat([self.past[0], k], dim=2), torch.cat([self.past[1], v], dim=2)
        self.past = k, v
        return own.proj(F.scaled_dot_product_attention(q, k, v, scale=1.0).transpose(1, 2).reshape(batch, length, width))


def drawn(logits: torch.Tensor) -> torch.Tensor:
    """One token for each row of logits: top-k, then top-p."""
    logits = logits.masked_fill(logits < logits.topk(TOP_K, dim=-1).values[:, -1:], -torch.inf)
    ordered, places = logits.sort(dim=-1)
    rare = ordered.softmax(-1).cumsum(-1) <= 1 - TOP_P
    rare[:, -1] = False
    logits = logits.masked_fill(torch.zeros_like(rare).scatter(1, places, rare), -torch.inf)
    return logits.softmax(-1).multinomial(1)[:, 0]


@torch.no_grad()
def latent_of(model: reference.Transformer, quantize: reference.Quantizer, label: int) -> torch.Tensor:
    condition = model.class_emb(torch.tensor([label, CLASSES]))
    places = model.lvl_embed(model.lvl_1L[0]) + model.pos_1LC[0]
    attentions = [Cached(block.attn) for block in model.blocks]
    latent = torch.zeros(DIMENSIONS, SCALES[-1], SCALES[-1])
    x = condition.unsqueeze(1) + model.pos_start + places[:1]
    done = 0
    for scale, side in enumerate(SCALES):
        for block, attention in zip(model.blocks, attentions):
            rows = block.ada_lin(condition).view(-1, 1, 6, x.shape[-1])
            gain1, gain2, scale1, scale2, shift1, shift2 = rows.unbind(2)
            x = x + gain1 * attention(reference.plain_norm(x) * (1 + scale1) + shift1)
            x = x + gain2 * block.ffn(reference.plain_norm(x) * (1 + scale2) + shift2)
        both = model.head(model.head_nm(x, condition))
        ramp = CFG * scale / (len(SCALES) - 1)
        latent = quantize.refined(latent, quantize.embedding(drawn((1 + ramp) * both[0] - ramp * both[1])), scale)
        done += side * side
        if scale + 1 < len(SCALES):
            following = SCALES[scale + 1] ** 2
            words = model.word_embed(quantize.words(latent, scale + 1)) + places[done : done + following]
            x = words.expand(2, -1, -1)
    return latent


@torch.no_grad()
def encoded(vae: reference.ImageTokenizer, picture: torch.Tensor) -> list[int]:
    """The picture's tokens of all scales; [1, 3, 256, 256] in -1 to 1."""
    quantize, tokens = vae.quantize, []
    rest = vae.quant_conv(vae.encoder(picture))[0]
    table = quantize.embedding.weight
    for scale in range(len(SCALES)):
        words = quantize.words(rest, scale)
        nearest = (words.square().sum(1, keepdim=True) + table.square().sum(1) - 2 * words @ table.T).argmin(1)
        rest = rest - quantize.refined(torch.zeros_like(rest), quantize.embedding(nearest), scale)
        tokens += nearest.tolist()
    return tokens


def measure(folder: Path, repetitions: int) -> None:
    model, vae = transformer().eval(), tokenizer().eval()
    model.load_state_dict(torch.load(folder / "var.pth"))
    vae.load_state_dict(torch.load(folder / "vae.pth"))
    torch.manual_seed(1)
    picture, latent = torch.rand(1, 3, 256, 256) * 2 - 1, torch.randn(DIMENSIONS, SCALES[-1], SCALES[-1])
    parts = {
        "scales": lambda: latent_of(model, vae.quantize, 7),
        "decoder": lambda: vae.decode(latent),
        "encoder": lambda: encoded(vae, picture),
    }
    seconds = {}
    for name, run in parts.items():
        seconds[name] = []
        for _ in range(repetitions + 1):
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
        del seconds[name][0]
    print(json.dumps(seconds))


if __name__ == "__main__":
    torch.set_num_threads(2)
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]))
    else:
        measure(Path(sys.argv[2]), int(sys.argv[3]))
