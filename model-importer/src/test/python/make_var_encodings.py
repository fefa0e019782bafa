"""Makes encoded.json in each folder under src/test/resources/var: a picture, its tokens of all scales, and greedy edits of it.

    python -m pip install torch
    python src/test/python/make_var_encodings.py src/test/resources/var

The models are those that make_var_fixtures.py left there. The picture is of bytes, as a client would send it.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from stored_var import CLASSES, WIDTHS, kept, scales_of, tokenizer_of, transformer_of

CLEAR = 1e-3


def picture_of(seed, side):
    """Soft blobs of colour, [3, side, side] of bytes."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, 4, 4, generator=generator) * 400 - 72
    return F.interpolate(coarse, size=(side, side), mode="bicubic")[0].round().clamp(0, 255)


@torch.no_grad()
def encode(tokenizer, picture):
    """Returns the tokens of all scales, coarse to fine, and by how much the nearest code was nearer than the next."""
    quantize = tokenizer.quantize
    rest = tokenizer.quant_conv(tokenizer.encoder(picture.unsqueeze(0) / 127.5 - 1))[0]
    tokens, clear = [], float("inf")
    for scale in range(len(quantize.scales)):
        distances = torch.cdist(quantize.words(rest, scale), quantize.embedding.weight) ** 2
        nearest = distances.topk(2, dim=-1, largest=False)
        clear = min(clear, float((nearest.values[:, 1] - nearest.values[:, 0]).min()))
        drawn = nearest.indices[:, 0]
        tokens += drawn.tolist()
        rest = rest - quantize.refined(torch.zeros_like(rest), quantize.embedding(drawn), scale)
    return tokens, clear


@torch.no_grad()
def edited(transformer, tokenizer, label, cfg, known, stays):
    """Greedy tokens of all scales where the known ones stay; stays [P, P] of ones and zeros. And how clear the draws were."""
    scales, quantize = transformer.scales, tokenizer.quantize
    labels = torch.tensor([label, transformer.classes])
    latent = torch.zeros(quantize.embedding.weight.shape[1], scales[-1], scales[-1])
    words = torch.zeros(0, latent.shape[0])
    tokens, clear = [], float("inf")
    for scale, side in enumerate(scales):
        both = transformer(labels, words.expand(2, -1, -1))[:, -side * side :]
        ramp = cfg * scale / (len(scales) - 1)
        best = ((1 + ramp) * both[0] - ramp * both[1]).topk(2, dim=-1)
        keep = kept(stays, side)
        own = torch.tensor(known[len(tokens) : len(tokens) + side * side])
        drawn = torch.where(keep, own, best.indices[:, 0])
        margins = (best.values[:, 0] - best.values[:, 1])[~keep]
        clear = min([clear, *margins.tolist()])
        latent = quantize.refined(latent, quantize.embedding(drawn), scale)
        tokens += drawn.tolist()
        if scale + 1 < len(scales):
            words = torch.cat([words, quantize.words(latent, scale + 1)])
    return tokens, clear


def edits_of(directory, scales, tokenizer, known):
    """A hole in the middle, what is around it, and a stroke: with classes and without."""
    transformer, side = transformer_of(directory, scales, tokenizer), scales[-1]
    hole = torch.ones(side, side)
    hole[side // 4 : side // 4 + side // 2, side // 4 : side // 4 + side // 2] = 0
    stroke = torch.tensor([[float((row + 2 * column) % 7 > 2) for column in range(side)] for row in range(side)])
    edits = []
    for stays in (hole, 1 - hole, stroke):
        for label in [CLASSES, *range(CLASSES)]:
            tokens, clear = edited(transformer, tokenizer, label, 3.0, known, stays)
            if clear > 2e-4 and tokens != known:
                edits.append({"class": label, "cfg": 3.0, "redrawn": (1 - stays).flatten().int().tolist(), "tokens": tokens})
                print("  edit of class", label, "clear by", clear)
                if label != CLASSES:
                    break
    assert len(edits) >= 3
    return edits


def main():
    for directory in sorted(Path(sys.argv[1]).iterdir()):
        scales = scales_of(directory)
        tokenizer = tokenizer_of(directory, scales)
        side = scales[-1] * 2 ** (len(WIDTHS[directory.name]) - 1)
        for seed in range(1000):
            picture = picture_of(seed, side)
            tokens, clear = encode(tokenizer, picture)
            if clear > CLEAR and len(set(tokens)) > 8:
                break
        else:
            raise SystemExit("no picture has clear tokens")
        rgb = picture.permute(1, 2, 0).flatten().int().tolist()
        facts = {"side": side, "rgb": rgb, "tokens": tokens, "edits": edits_of(directory, scales, tokenizer, tokens)}
        (directory / "encoded.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")
        print(directory.name, "seed", seed, "clear by", clear, "different tokens", len(set(tokens)))


main()
