"""Makes the checkpoints and reference values under src/test/resources/var.

    python -m pip install torch safetensors
    python src/test/python/make_var_fixtures.py src/test/resources/var

Weights are random and small; what matters is that an implementation other than the importer's made the values.
"""

import json
import sys
from pathlib import Path

import torch
from reference_var import ImageTokenizer, Transformer, greedy
from safetensors.torch import save_file

CODES = 64
DIMENSIONS = 8
TEN_SCALES = [1, 2, 3, 4, 5, 6, 8, 10, 13, 16]
FOUR_SCALES = [1, 2, 3, 4]
CLEAR = 2e-4


def rounded(module, dtype):
    """The checkpoint's numbers are those of the file, whatever the type there."""
    for parameter in module.parameters():
        parameter.data = parameter.data.to(dtype).float()
    return module


def stored(module, dtype):
    return {name: tensor.to(dtype) if tensor.is_floating_point() else tensor for name, tensor in module.state_dict().items()}


def margin(scores):
    best = scores.topk(2, dim=-1).values
    return float((best[..., 0] - best[..., 1]).min())


def first_clear(make, classes, cfg):
    """The first seed whose greedy tokens are not a matter of rounding."""
    for seed in range(200):
        torch.manual_seed(seed)
        transformer, tokenizer = make()
        images = [greedy(transformer, tokenizer, label, cfg) for label in classes]
        if all(margin(guided) > CLEAR and len(set(tokens)) > 8 for tokens, _, guided, _ in images):
            return transformer, tokenizer, images
    raise SystemExit("no seed gives clear tokens")


def make_model(directory, classes, cfg, widths, **network):
    scales = network["scales"]
    transformer, tokenizer, images = first_clear(
        lambda: (
            rounded(Transformer(codes=CODES, dimensions=DIMENSIONS, classes=10, **network), torch.bfloat16),
            rounded(ImageTokenizer(widths, CODES, DIMENSIONS, scales), torch.bfloat16),
        ),
        classes,
        cfg,
    )
    directory.mkdir(parents=True, exist_ok=True)
    tensors, facts = {}, {"cfg": cfg, "scales": scales, "classes": classes, "tokens": [tokens for tokens, _, _, _ in images]}
    for i, (_, logits, _, latents) in enumerate(images):
        tensors[f"logits.{i}"] = logits
        tensors[f"latents.{i}"] = latents
        tensors[f"pixels.{i}"] = tokenizer.decode(latents[-1])
    save_file({name: tensor.float().contiguous() for name, tensor in tensors.items()}, directory / "expected.safetensors")
    (directory / "expected.safetensors").chmod(0o644)
    (directory / "expected.json").write_text(json.dumps(facts) + "\n")
    state = stored(transformer, torch.bfloat16)
    if len(scales) == 10:
        del state["attn_bias_for_masking"]  # large, and nothing but a mask for training
    torch.save(state, directory / "var.pth")
    torch.save(stored(tokenizer, torch.bfloat16), directory / "vae.pth")


def main():
    target = Path(sys.argv[1])
    make_model(target / "plain", [0, 3, 9], 4.0, [32, 32, 32], width=64, layers=2, heads=4, scales=FOUR_SCALES)
    make_model(target / "shared", [7], 1.5, [32, 32], width=64, layers=2, heads=2, scales=TEN_SCALES, shared=True)
    make_model(target / "unscaled", [2, 5], 3.0, [32, 32], width=64, layers=2, heads=1, scales=FOUR_SCALES, unit=False)


main()
