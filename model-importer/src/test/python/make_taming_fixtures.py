"""Makes the checkpoints and reference values under src/test/resources/taming.

    python -m pip install torch safetensors
    python src/test/python/make_taming_fixtures.py src/test/resources/taming

Weights are random and small; what matters is that an implementation other than the importer's made the values.
"""

import json
import sys
import types
from pathlib import Path

import torch
from reference_taming import ImageTokenizer, Transformer, greedy
from safetensors.torch import save_file

SIDE = 4
ROWS, COLUMNS = 7, 11
CODES, CONDITION_CODES = 64, 32
WIDTH, LAYERS, HEADS = 64, 2, 2
DIMENSIONS, LATENT = 16, 32
CLEAR = 2e-4


def rounded(module):
    """The checkpoint's numbers are those of the file, whatever the type there."""
    for parameter in module.parameters():
        parameter.data = parameter.data.to(torch.bfloat16).float()
    return module


def margin(scores):
    best = scores.topk(2, dim=-1).values
    return float((best[..., 0] - best[..., 1]).min())


def first_clear(make):
    """The first seed whose tokens are not a matter of rounding."""
    for seed in range(400):
        torch.manual_seed(seed)
        made = make()
        if made is not None:
            return made
    raise SystemExit("no seed gives clear tokens")


def lightning(state):
    """What PyTorch Lightning 1.0 writes beside the weights; a callback's state is keyed by the callback's class."""
    module = types.ModuleType("pytorch_lightning.callbacks.model_checkpoint")
    module.ModelCheckpoint = type("ModelCheckpoint", (), {"__module__": module.__name__})
    sys.modules.setdefault("pytorch_lightning", types.ModuleType("pytorch_lightning"))
    sys.modules.setdefault("pytorch_lightning.callbacks", types.ModuleType("pytorch_lightning.callbacks"))
    sys.modules[module.__name__] = module
    return {
        "epoch": 3,
        "global_step": 1000,
        "pytorch-lightning_version": "1.0.8",
        "callbacks": {module.ModelCheckpoint: {"best_model_score": torch.tensor(0.5), "best_model_path": "last.ckpt"}},
        "optimizer_states": [{"state": {0: {"step": 1000, "exp_avg": torch.zeros(2)}}, "param_groups": [{"lr": 4.5e-06, "params": [0]}]}],
        "lr_schedulers": [],
        "state_dict": state,
    }


def stage(target, codes, channels, widths, **more):
    network = {
        "double_z": False,
        "z_channels": LATENT,
        "resolution": SIDE * 2 ** (len(widths) - 1),
        "in_channels": channels,
        "out_ch": channels,
        "ch": widths[0],
        "ch_mult": [width // widths[0] for width in widths],
        "num_res_blocks": 2,
        "attn_resolutions": [SIDE],
        "dropout": 0.0,
    }
    return {"target": target, "params": {"embed_dim": DIMENSIONS, "n_embed": codes, "ddconfig": network, **more}}


def model(kind, widths, condition):
    """One attempt with the seed that is set: the modules and the images of all conditions, or nothing."""
    maps = kind in ("segmentation", "depth")
    block = 2 * SIDE * SIDE if maps else SIDE * SIDE
    transformer = rounded(Transformer(WIDTH, LAYERS, HEADS, CODES, block))
    tokenizer = rounded(ImageTokenizer(widths, CODES, DIMENSIONS, LATENT, gumbel=kind == "start"))
    encoder = rounded(ImageTokenizer(widths, CONDITION_CODES, DIMENSIONS, LATENT, channels=condition)) if maps else None
    factor = 2 ** (len(widths) - 1)
    images = []
    for rows, columns in ((SIDE, SIDE), (ROWS, COLUMNS)):
        size = rows * factor, columns * factor
        for number in (7, 2) if kind == "class" else (0,):
            if maps:
                picture = torch.rand(condition, *size) * 2 - 1
                if kind == "segmentation":
                    labels = picture.argmax(0, keepdim=True)
                    picture = torch.zeros(condition, *size).scatter_(0, labels, 1)
                scores = encoder.scores(picture)
                given = scores.argmax(-1)
                if margin(scores) < CLEAR or len(given.unique()) < 3:
                    return None
            else:
                picture, given = None, torch.tensor(number)
            tokens, logits = greedy(transformer, SIDE, rows, columns, given)
            if margin(logits) < CLEAR or len(tokens.unique()) < 8:
                return None
            images.append((picture, given, tokens, logits, tokenizer.decode(tokens)))
    picture = torch.rand(3, ROWS * factor, COLUMNS * factor) * 2 - 1
    scores = tokenizer.scores(picture)
    if margin(scores) < CLEAR or len(scores.argmax(-1).unique()) < 3:
        return None
    return transformer, tokenizer, encoder, images, (picture, scores.argmax(-1))


def make_model(directory, kind, widths, condition=0):
    transformer, tokenizer, encoder, images, (picture, ids) = first_clear(lambda: model(kind, widths, condition))
    directory.mkdir(parents=True, exist_ok=True)
    tensors, facts = {"picture": picture}, {"side": SIDE, "codes": CODES, "ids": ids.tolist(), "images": []}
    for i, (given_picture, given, tokens, logits, pixels) in enumerate(images):
        fact = {"rows": tokens.shape[0], "columns": tokens.shape[1], "tokens": tokens.flatten().tolist()}
        fact["condition"] = given.flatten().tolist()
        facts["images"].append(fact)
        tensors[f"logits.{i}"], tensors[f"pixels.{i}"] = logits, pixels
        if given_picture is not None:
            tensors[f"condition.{i}"] = given_picture
    save_file({name: tensor.float().contiguous() for name, tensor in tensors.items()}, directory / "expected.safetensors")
    (directory / "expected.safetensors").chmod(0o644)
    (directory / "expected.json").write_text(json.dumps(facts) + "\n")
    state = {}
    for prefix, module in (("transformer", transformer), ("first_stage_model", tokenizer), ("cond_stage_model", encoder)):
        for name, tensor in {} if module is None else module.state_dict().items():
            state[f"{prefix}.{name}"] = tensor.to(torch.bfloat16)
    torch.save(lightning(state), directory / "last.ckpt")
    write_config(directory, kind, widths, condition)


def write_config(directory, kind, widths, condition):
    conditions = {
        "class": {"target": "taming.modules.util.Labelator", "params": {"n_classes": 10}},
        "start": "__is_unconditional__",
        "segmentation": stage("taming.models.vqgan.VQSegmentationModel", CONDITION_CODES, condition, widths, n_labels=condition),
        "depth": stage("taming.models.vqgan.VQModel", CONDITION_CODES, condition, widths),
    }
    network = {"vocab_size": CODES, "n_layer": LAYERS, "n_head": HEADS, "n_embd": WIDTH}
    network["block_size"] = 2 * SIDE * SIDE if kind in ("segmentation", "depth") else SIDE * SIDE
    first = "taming.models.vqgan.GumbelVQ" if kind == "start" else "taming.models.vqgan.VQModel"
    parameters = {
        "cond_stage_key": "image" if kind == "start" else kind,
        "transformer_config": {"target": "taming.modules.transformer.mingpt.GPT", "params": network},
        "first_stage_config": stage(first, CODES, 3, widths),
        "cond_stage_config": conditions[kind],
    }
    config = {"model": {"target": "taming.models.cond_transformer.Net2NetTransformer", "params": parameters}}
    (directory / "project.yaml").write_text(yaml(config, 0))


def yaml(value, depth):
    lines = []
    for key, item in value.items():
        if isinstance(item, dict):
            lines.append("  " * depth + f"{key}:\n" + yaml(item, depth + 1))
        else:
            lines.append("  " * depth + f"{key}: {json.dumps(item)}\n")
    return "".join(lines)


def main():
    target = Path(sys.argv[1])
    make_model(target / "class", "class", [32, 32, 32])
    make_model(target / "start", "start", [32, 32])
    make_model(target / "segmentation", "segmentation", [32, 32], condition=5)
    make_model(target / "depth", "depth", [32, 32], condition=1)


if __name__ == "__main__":
    main()
