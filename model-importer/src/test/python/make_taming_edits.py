"""Makes encoded.json in folders under src/test/resources/taming: a picture, its tokens, and greedy edits of it.

    python -m pip install torch safetensors
    python src/test/python/make_taming_edits.py src/test/resources/taming

The models are those that make_taming_fixtures.py left there. The picture is of bytes, as a client would send it, and larger
than the window.
"""

import json
import sys
from pathlib import Path

import torch
import torch.nn.functional as F
from make_taming_fixtures import CLEAR, CODES, COLUMNS, DIMENSIONS, HEADS, LATENT, LAYERS, ROWS, SIDE, WIDTH, lightning, margin
from reference_taming import ImageTokenizer, Transformer, place

WIDTHS = {"class": [32, 32, 32], "segmentation": [32, 32]}


def part(state, prefix):
    return {name.removeprefix(prefix): tensor.float() for name, tensor in state.items() if name.startswith(prefix)}


def picture_of(seed, rows, columns):
    """Soft blobs of colour, [3, rows, columns] of bytes."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(1, 3, 4, 6, generator=generator) * 400 - 72
    return F.interpolate(coarse, size=(rows, columns), mode="bicubic")[0].round().clamp(0, 255)


@torch.no_grad()
def edited(transformer, known, redrawn, condition):
    """Greedy tokens where the known ones stay that are not to be redrawn: a whole window for each cell, in raster order."""
    tokens, scores = known.clone(), []
    rows, columns = known.shape
    for i in range(rows):
        for j in range(columns):
            if not redrawn[i, j]:
                continue
            local_i, local_j = place(i, rows, SIDE), place(j, columns, SIDE)
            window = slice(i - local_i, i - local_i + SIDE), slice(j - local_j, j - local_j + SIDE)
            before = condition.view(1) if condition.numel() == 1 else condition[window].flatten()
            sequence = torch.cat([before, tokens[window].flatten()])[:-1]
            own = transformer(sequence.unsqueeze(0))[0, -SIDE * SIDE :].view(SIDE, SIDE, -1)[local_i, local_j]
            scores.append(own)
            tokens[i, j] = own.argmax()
    return tokens, margin(torch.stack(scores))


def edits_of(transformer, known, conditions):
    """A hole, what is around it, and a stroke."""
    hole = torch.zeros(ROWS, COLUMNS, dtype=torch.bool)
    hole[2:5, 3:8] = True
    stroke = torch.tensor([[(row + 2 * column) % 7 <= 2 for column in range(COLUMNS)] for row in range(ROWS)])
    edits = []
    for redrawn in (hole, ~hole, stroke):
        for condition in conditions:
            tokens, clear = edited(transformer, known, redrawn, condition)
            if clear > CLEAR and not torch.equal(tokens, known):
                edits.append({
                    "condition": condition.flatten().tolist(),
                    "redrawn": redrawn.flatten().int().tolist(),
                    "tokens": tokens.flatten().tolist(),
                })
                print("  edit clear by", clear)
                break
    return edits


def made(directory, seed):
    """The facts of a picture, or nothing where its tokens are a matter of rounding."""
    sys.modules.setdefault("pytorch_lightning", sys)
    state = torch.load(directory / "last.ckpt", weights_only=False)["state_dict"]
    widths = WIDTHS[directory.name]
    tokenizer = ImageTokenizer(widths, CODES, DIMENSIONS, LATENT)
    tokenizer.load_state_dict(part(state, "first_stage_model."))
    picture = picture_of(seed, ROWS * 2 ** (len(widths) - 1), COLUMNS * 2 ** (len(widths) - 1))
    with torch.no_grad():
        scores = tokenizer.scores(picture / 127.5 - 1)
    known = scores.argmax(-1)
    if margin(scores) < CLEAR or len(known.unique()) < 8:
        return None
    maps = directory.name == "segmentation"
    transformer = Transformer(WIDTH, LAYERS, HEADS, CODES, (2 if maps else 1) * SIDE * SIDE)
    transformer.load_state_dict(part(state, "transformer."))
    images = json.loads((directory / "expected.json").read_text())["images"]
    conditions = [torch.tensor(images[-1]["condition"]).view(ROWS, COLUMNS)] if maps else list(torch.arange(10))
    edits = edits_of(transformer, known, conditions)
    if len(edits) < 3:
        return None
    return {"rows": ROWS, "columns": COLUMNS, "rgb": picture.permute(1, 2, 0).flatten().int().tolist(), "tokens": known.flatten().tolist(), "edits": edits}


def main():
    lightning({})
    for name in WIDTHS:
        directory = Path(sys.argv[1]) / name
        facts = next(filter(None, (made(directory, seed) for seed in range(1000))))
        (directory / "encoded.json").write_text(json.dumps(facts, separators=(",", ":")) + "\n")
        print(name, "different tokens", len(set(facts["tokens"])))


main()
