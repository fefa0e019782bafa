"""A Muse model with super-resolution of medium size with random weights, in Tessera's layout, and the time that PyTorch takes
for a forward of its super-resolution.

    python muse.py write FOLDER SIDE                 side of the finer grid in tokens; the base grid's is 16
    python muse.py time FOLDER ROWS REPETITIONS      one JSON object: seconds of each forward

Seventy million weights in the super-resolution transformer; the base transformer and the image tokenizer are small. The
network is the one that the importer's reference values come from, with PyTorch's fused attention; it works the text and the
base grid out at every step.
"""

from __future__ import annotations

import json
import shutil
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

TESTS = Path(__file__).parents[2] / "model-importer/src/test"
sys.path.insert(0, str(TESTS / "python"))
from reference_masked import ImageTokenizer  # noqa: E402
from reference_muse import Attention, SuperResolution, Transformer  # noqa: E402

CODES = 8192
BASE_SIDE = 16
TEXT_TOKENS = 77
NETWORK = {"width": 512, "heads": 8, "hidden": 2048, "codes": CODES, "text": 32}
SMALL = {**NETWORK, "width": 64, "hidden": 128, "heads": 2}
LOW = {"layers": 4, "hidden": 2048, "codes": CODES, "side": BASE_SIDE}
TEXT = TESTS / "resources/llamagen/text/t5"


def super_resolution(side: int) -> SuperResolution:
    return SuperResolution(LOW, layers=8, side=side, **NETWORK)


def fused(self, x, source):
    q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (self.to_q(x), self.to_k(source), self.to_v(source)))
    return self.to_out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(-2))


def write(folder: Path, side: int) -> None:
    torch.manual_seed(0)
    parts = {
        "transformer": ({"num_attention_heads": 2, "text_tokens": TEXT_TOKENS}, Transformer(layers=1, side=BASE_SIDE, **SMALL)),
        "superres": ({"num_attention_heads": 8, "num_low_layers": 4}, super_resolution(side)),
        "vqvae": ({"norm_num_groups": 32}, ImageTokenizer([32, 32, 32, 32], CODES, 16)),
    }
    for name, (config, network) in parts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "config.json").write_text(json.dumps(config))
        save_file({key: tensor.contiguous() for key, tensor in network.state_dict().items()}, folder / name / "model.safetensors")
    for name, files in (("text_encoder", ("config.json", "model.safetensors")), ("tokenizer", ("tokenizer.json",))):
        (folder / name).mkdir(exist_ok=True)
        for file in files:
            shutil.copy(TEXT / file, folder / name / file)


@torch.no_grad()
def measure(folder: Path, rows: int, repetitions: int) -> None:
    Attention.forward = fused
    state = load_file(folder / "superres/model.safetensors")
    side = round(len(state["embed.positions.weight"]) ** 0.5)
    model = super_resolution(side).eval()
    model.load_state_dict(state)
    tokens = torch.full((rows, side, side), CODES)
    states, base = torch.randn(rows, TEXT_TOKENS, NETWORK["text"]), torch.randint(CODES, (rows, BASE_SIDE, BASE_SIDE))
    seconds = []
    for _ in range(repetitions + 1):
        start = time.perf_counter()
        model(tokens, states, base)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"rows": rows, "seconds": seconds[1:]}))


if __name__ == "__main__":
    torch.set_num_threads(2)
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        measure(Path(sys.argv[2]), *(int(argument) for argument in sys.argv[3:5]))
