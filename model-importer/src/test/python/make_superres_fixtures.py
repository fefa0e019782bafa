"""Makes the checkpoints and reference values under src/test/resources/superres.

    python -m pip install torch safetensors transformers
    python src/test/python/make_superres_fixtures.py src/test/resources/superres src/test/resources/llamagen/text/t5

Each is a Muse checkpoint whose base grid of 4 x 4 becomes one of 8 x 8: "layered" with layers over the base grid and an image
tokenizer for each grid, "plain" with neither. Guidance rises over the steps of both stages.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from make_masked_fixtures import CLEAR, CODES, clear_tokenizer, rounded, write_folder
from make_muse_fixtures import NEGATIVES, PROMPTS, TEXT_TOKENS, padded
from reference_masked import ImageTokenizer, greedy
from reference_muse import SuperResolution, Transformer
from tokenizers import Tokenizer
from safetensors.torch import save_file
from transformers import T5EncoderModel

BASE = {"side": 4, "steps": 5, "guidance": 6.0}
FINE = {"side": 8, "steps": 4, "guidance": 3.0}
HEADS = 3
NETWORK = {"width": 48, "heads": HEADS, "hidden": 72, "text": 32}
DTYPE = torch.bfloat16
NAME = "model.safetensors"


def rise(guidance, steps):
    return [1 + (guidance - 1) * step / (steps - 1) for step in range(steps)]


def clear(images):
    return all(image[3] > CLEAR and len(set(image[0].tolist())) > 6 for image in images)


def base_stage(states):
    """The transformer and each image's greedy tokens."""
    for seed in range(300):
        torch.manual_seed(seed)
        network = rounded(Transformer(layers=2, codes=CODES, side=BASE["side"], **NETWORK), DTYPE)
        scales = rise(BASE["guidance"], BASE["steps"])
        images = [
            greedy(lambda tokens, pair=pair: network(tokens, pair), CODES, BASE["side"], BASE["steps"], "cosine", scales)
            for pair in states
        ]
        if clear(images):
            return network, [image[0] for image in images]
    raise SystemExit("no seed gives clear base tokens")


def fine_stage(states, bases, low_layers, codes):
    """The super-resolution transformer and what it makes of each image; another base grid gives other tokens."""
    low = {"layers": low_layers, "hidden": 40, "codes": CODES, "side": BASE["side"]}
    scales = rise(FINE["guidance"], FINE["steps"])
    for seed in range(300):
        torch.manual_seed(1000 + seed)
        network = rounded(SuperResolution(low, layers=2, codes=codes, side=FINE["side"], **NETWORK), DTYPE)

        def images(grids):
            return [
                greedy(
                    lambda tokens, pair=pair, grid=grid: network(tokens, pair, grid),
                    codes, FINE["side"], FINE["steps"], "cosine", scales,
                )
                for pair, grid in zip(states, grids)
            ]

        grids = [tokens.view(1, BASE["side"], BASE["side"]).expand(2, -1, -1) for tokens in bases]
        made = images(grids)
        if clear(made) and (images([grid.flip(1) for grid in grids])[0][0] != made[0][0]).float().mean() > 0.5:
            return network, made, grids
    raise SystemExit("no seed gives clear fine tokens")


def make_model(target, t5, low_layers, fine_codes, base_widths, fine_widths):
    tokenizer, text = Tokenizer.from_file(str(t5 / "tokenizer.json")), T5EncoderModel.from_pretrained(t5).eval()
    ids = [[padded(tokenizer, prompt), padded(tokenizer, negative)] for prompt, negative in zip(PROMPTS, NEGATIVES)]
    with torch.no_grad():
        states = [text(torch.tensor(pair), attention_mask=torch.ones(2, TEXT_TOKENS)).last_hidden_state for pair in ids]
        base, bases = base_stage(states)
        fine, images, grids = fine_stage(states, bases, low_layers, fine_codes)
        vae, pixels, nearest = clear_tokenizer(base_widths, DTYPE, BASE["side"] * 2 ** (len(base_widths) - 1))
        torch.manual_seed(7)
        own = rounded(ImageTokenizer(fine_widths, fine_codes, 8), DTYPE) if fine_widths else vae
        expected = {"pixels.encoded": pixels}
        for i, (tokens, logits, after, _) in enumerate(images):
            expected[f"logits.{i}"], expected[f"after.{i}"] = logits, after.int()
            expected[f"states.{i}"], expected[f"negative_states.{i}"] = states[i]
            expected[f"pixels.{i}"] = own.decode(tokens.view(FINE["side"], FINE["side"]))
        condition = fine.condition(states[0], grids[0])
        for j, layer in enumerate(fine.layers):
            expected[f"key.{j}"], expected[f"value.{j}"] = layer.cross.to_k(condition), layer.cross.to_v(condition)
    facts = {
        "prompts": PROMPTS,
        "negatives": NEGATIVES,
        "ids": [pair[0] for pair in ids],
        "negative_ids": [pair[1] for pair in ids],
        "steps": BASE["steps"],
        "guidance": BASE["guidance"],
        "fine_steps": FINE["steps"],
        "fine_guidance": FINE["guidance"],
        "side": BASE["side"],
        "fine_side": FINE["side"],
        "base_tokens": [tokens.tolist() for tokens in bases],
        "tokens": [image[0].tolist() for image in images],
        "codes": nearest.indices[..., 0].flatten().tolist(),
    }
    target.mkdir(parents=True, exist_ok=True)
    save_file({name: tensor.float().contiguous() for name, tensor in expected.items()}, target / "expected.safetensors")
    (target / "expected.safetensors").chmod(0o644)
    (target / "expected.json").write_text(json.dumps(facts) + "\n")
    settings = {"num_attention_heads": HEADS, "text_tokens": TEXT_TOKENS}
    stage = {"num_attention_heads": HEADS, "num_low_layers": low_layers, "steps": FINE["steps"], "guidance_scale": FINE["guidance"]}
    groups = {"norm_num_groups": 32}
    write_folder(target / "transformer", settings, base, NAME, DTYPE)
    write_folder(target / "superres", stage, fine, NAME, DTYPE)
    write_folder(target / "vqvae", groups, vae, NAME, DTYPE)
    if fine_widths:
        write_folder(target / "superres_vqvae", groups, own, NAME, DTYPE)
    for part, files in (("text_encoder", ["config.json", NAME]), ("tokenizer", ["tokenizer.json"])):
        (target / part).mkdir(exist_ok=True)
        for file in files:
            shutil.copy(t5 / file, target / part / file)


def main():
    target, t5 = Path(sys.argv[1]), Path(sys.argv[2])
    make_model(target / "layered", t5, low_layers=2, fine_codes=96, base_widths=[32, 32], fine_widths=[32])
    make_model(target / "plain", t5, low_layers=0, fine_codes=CODES, base_widths=[32, 32], fine_widths=None)


if __name__ == "__main__":
    main()
