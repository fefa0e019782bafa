"""A masked model of medium size with random weights, in aMUSEd's layout, and the time that PyTorch takes for a forward.

    python masked.py write FOLDER [full]               "full" is the size of amused-256, in half precision
    python masked.py time FOLDER ROWS REPETITIONS      one JSON object: seconds of each forward

The network is the one that the importer's reference values come from, with PyTorch's fused attention.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(Path(__file__).parents[2] / "model-importer/src/test/python"))
import reference_masked as reference  # noqa: E402
from make_tokenizer import write_tokenizer  # noqa: E402

NETWORK = {
    "hidden_size": 768,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "intermediate_size": 2048,
    "vocab_size": 8256,
    "codebook_size": 8192,
    "in_channels": 512,
    "block_out_channels": 512,
    "num_res_blocks": 3,
    "block_num_heads": 8,
    "encoder_hidden_size": 512,
    "cond_embed_dim": 512,
    "sample_size": 16,
    "downsample": False,
    "upsample": False,
}
FULL = {
    **NETWORK,
    "hidden_size": 1024,
    "num_hidden_layers": 22,
    "num_attention_heads": 16,
    "intermediate_size": 2816,
    "in_channels": 768,
    "block_out_channels": 768,
    "block_num_heads": 12,
    "encoder_hidden_size": 768,
    "cond_embed_dim": 768,
}
TEXT = {
    "hidden_size": 512,
    "num_hidden_layers": 2,
    "num_attention_heads": 8,
    "intermediate_size": 1024,
    "projection_dim": 512,
    "hidden_act": "quick_gelu",
    "eos_token_id": 2,
    "max_position_embeddings": 77,
}
FULL_TEXT = {**TEXT, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "intermediate_size": 3072, "projection_dim": 768}
WIDTHS, FULL_WIDTHS = [32, 32, 64, 64, 96], [128, 256, 256, 512, 768]
PICTURE = (256, 256)


def fused(self, x, source):
    q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (self.to_q(x), self.to_k(source), self.to_v(source)))
    return self.to_out[0](F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(-2))


def write(folder: Path, full: bool) -> None:
    torch.manual_seed(0)
    words = write_tokenizer(folder / "tokenizer", "<|endoftext|>")
    network = FULL if full else NETWORK
    text = {**(FULL_TEXT if full else TEXT), "vocab_size": 49408 if full else words}
    parts = {
        "transformer": (network, lambda: reference.Transformer(network), "diffusion_pytorch_model"),
        "vqvae": (
            {"norm_num_groups": 32},
            lambda: reference.ImageTokenizer(FULL_WIDTHS if full else WIDTHS, network["codebook_size"], 64),
            "diffusion_pytorch_model",
        ),
        "text_encoder": (text, lambda: reference.TextEncoder(text), "model"),
    }
    for name, (config, make, file) in parts.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "config.json").write_text(json.dumps(config))
        state = make().state_dict()
        save_file({key: tensor.half() if full else tensor for key, tensor in state.items()}, folder / name / f"{file}.safetensors")
    (folder / "scheduler").mkdir(exist_ok=True)
    (folder / "scheduler/scheduler_config.json").write_text(json.dumps({"mask_token_id": 8255, "masking_schedule": "cosine"}))


@torch.no_grad()
def measure(folder: Path, rows: int, repetitions: int) -> None:
    reference.Attention.forward = fused
    model = reference.Transformer(NETWORK).eval()
    model.load_state_dict(load_file(folder / "transformer/diffusion_pytorch_model.safetensors"))
    side = NETWORK["sample_size"]
    tokens = torch.full((rows, side, side), 8255)
    states, pooled = torch.randn(rows, 77, 512), torch.randn(rows, 512)
    seconds = []
    for _ in range(repetitions + 1):
        start = time.perf_counter()
        model(tokens, states, pooled, PICTURE)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"rows": rows, "seconds": seconds[1:]}))


if __name__ == "__main__":
    torch.set_num_threads(2)
    if sys.argv[1] == "write":
        write(Path(sys.argv[2]), sys.argv[3:] == ["full"])
    else:
        measure(Path(sys.argv[2]), *(int(argument) for argument in sys.argv[3:5]))
