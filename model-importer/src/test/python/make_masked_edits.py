"""Makes edits.json in each folder under src/test/resources/masked: greedy edits of the encoded picture that take random cells.

    python -m pip install torch safetensors
    python src/test/python/make_masked_edits.py src/test/resources/masked

The models are those that make_masked_fixtures.py left there. "varied": aMUSEd's image-to-image by strengths
(pipeline_amused_img2img.py). "resampled": Muse's editing without a mask (arXiv 2301.00704): at each step some
cells are masked and drawn again. Which cells is up to the random numbers, so those are made here as well.
"""

import json
import sys
from pathlib import Path

import torch
from reference_masked import Transformer, mask_length
from reference_random import OPENING, uniform
from safetensors.torch import load_file

CLEAR = 2e-4
MASK = 71


class Model:
    def __init__(self, directory):
        self.facts = json.loads((directory / "expected.json").read_text())
        network = json.loads((directory / "transformer/config.json").read_text())
        self.transformer = Transformer(network)
        weights = load_file(next((directory / "transformer").glob("*.safetensors")))
        self.transformer.load_state_dict({name: tensor.float() for name, tensor in weights.items()})
        expected = load_file(directory / "expected.safetensors")
        self.states = torch.stack([expected["states.0"], expected["negative_states.0"]])
        self.pooled = torch.stack([expected["pooled.0"], expected["negative_pooled.0"]])
        self.side = self.facts["side"]
        self.size = tuple(expected["pixels.0"].shape[1:])
        self.picture = torch.tensor(self.facts["codes"])

    @torch.no_grad()
    def scores(self, tokens):
        """Guided log-probabilities of all cells: [cells, codes]."""
        both = self.transformer(tokens.view(1, self.side, self.side).expand(2, -1, -1), self.states, self.pooled, self.size)
        return (both[1] + self.facts["guidance"] * (both[0] - both[1])).log_softmax(-1)

    def varied(self, strength, seed):
        steps, schedule, cells = self.facts["steps"], self.facts["schedule"], self.side**2
        first = steps - max(1, int(steps * strength))
        if first == 0:
            tokens = torch.full((cells,), MASK)
        else:
            ratio = torch.tensor(first) / steps
            share = float(torch.cos(ratio * torch.pi / 2) if schedule == "cosine" else 1 - ratio)
            opened = torch.tensor([uniform(seed, cell, 0, OPENING) < share for cell in range(cells)])
            tokens = torch.where(opened, MASK, self.picture)
        margins = []
        for step in range(first, steps):
            best = self.scores(tokens).topk(2, dim=-1)
            unknown = tokens == MASK
            margins.append(float((best.values[:, 0] - best.values[:, 1])[unknown].min()))
            drawn = torch.where(unknown, best.indices[:, 0], tokens)
            if step < steps - 1:
                confidence = torch.where(unknown, best.values[:, 0], torch.inf)
                masked = mask_length(step, steps, schedule, cells, int(unknown.sum()))
                ordered = confidence.sort().values
                if masked < cells and torch.isfinite(ordered[masked]):
                    margins.append(float(ordered[masked] - ordered[masked - 1]))
                drawn = torch.where(confidence < ordered[masked], MASK, drawn)
            tokens = drawn
        return tokens.tolist(), min(margins)

    def resampled(self, share, steps, seed):
        tokens, cells, margins = self.picture.clone(), self.side**2, []
        count = max(1, int(share * cells + 0.5))
        for step in range(steps):
            opened = sorted(range(cells), key=lambda cell: (uniform(seed, cell, step, OPENING), cell))[:count]
            tokens[opened] = MASK
            best = self.scores(tokens).topk(2, dim=-1)
            margins.append(float((best.values[:, 0] - best.values[:, 1])[opened].min()))
            tokens[opened] = best.indices[opened, 0]
        return tokens.tolist(), min(margins)


def clear(make):
    for seed in range(1, 500):
        tokens, margin = make(seed)
        if margin > CLEAR:
            return seed, tokens
    raise SystemExit("no seed gives clear tokens")


def main():
    for directory in sorted(Path(sys.argv[1]).iterdir()):
        model = Model(directory)
        varied, resampled = [], []
        for strength in (0.2, 0.5, 0.8, 1.0):
            seed, tokens = clear(lambda seed, strength=strength: model.varied(strength, seed))
            varied.append({"strength": strength, "seed": seed, "tokens": tokens})
        for share, steps in ((0.08, 20), (0.3, 7)):
            seed, tokens = clear(lambda seed, share=share, steps=steps: model.resampled(share, steps, seed + 2**40))
            resampled.append({"share": share, "steps": steps, "seed": seed + 2**40, "tokens": tokens})
        (directory / "edits.json").write_text(json.dumps({"varied": varied, "resampled": resampled}, separators=(",", ":")) + "\n")
        for edit in varied + resampled:
            same = sum(a == b for a, b in zip(edit["tokens"], model.facts["codes"]))
            print(directory.name, {name: edit[name] for name in edit if name != "tokens"}, "as before:", same, "of", model.side**2)


if __name__ == "__main__":
    main()
