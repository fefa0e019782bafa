"""A Muse model with super-resolution of medium size with random weights, in Tessera's layout.

    python muse.py FOLDER SIDE      side of the finer grid in tokens; the base grid's is 16

Seventy million weights in the super-resolution transformer; the base transformer and the image tokenizer are small.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

TESTS = Path(__file__).parents[2] / "model-importer/src/test"
sys.path.insert(0, str(TESTS / "python"))
from reference_masked import ImageTokenizer  # noqa: E402
from reference_muse import SuperResolution, Transformer  # noqa: E402

CODES = 8192
BASE_SIDE = 16
TEXT_TOKENS = 77
NETWORK = {"width": 512, "heads": 8, "hidden": 2048, "codes": CODES, "text": 32}
SMALL = {**NETWORK, "width": 64, "hidden": 128, "heads": 2}
LOW = {"layers": 4, "hidden": 2048, "codes": CODES, "side": BASE_SIDE}
TEXT = TESTS / "resources/llamagen/text/t5"


def write(folder: Path, side: int) -> None:
    torch.manual_seed(0)
    parts = {
        "transformer": ({"num_attention_heads": 2, "text_tokens": TEXT_TOKENS}, Transformer(layers=1, side=BASE_SIDE, **SMALL)),
        "superres": ({"num_attention_heads": 8, "num_low_layers": 4}, SuperResolution(LOW, layers=8, side=side, **NETWORK)),
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


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
