"""Times the reference decode loop, one JSON object a line: python decode.py CHECKPOINT ROWS STEPS REPETITIONS [fused]"""

from __future__ import annotations

import json
import statistics
import sys
import time

import torch

from llamagen import GPT_B, LlamaGen, generate


def main(checkpoint: str, rows: int, steps: int, repetitions: int, fused: bool) -> None:
    model = LlamaGen(GPT_B)
    model.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["model"])
    guidance = 4.0 if rows > 1 else 1.0
    images = rows // 2 if rows > 1 else 1
    classes = torch.arange(images) % GPT_B.classes
    generate(model, classes, guidance, 2000, 4, fused)
    seconds = []
    for _ in range(repetitions):
        start = time.perf_counter()
        generate(model, classes, guidance, 2000, steps, fused)
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"rows": rows, "steps": steps, "seconds": seconds, "row_tokens_per_second": rows * steps / statistics.median(seconds)}))


if __name__ == "__main__":
    main(sys.argv[1], *(int(argument) for argument in sys.argv[2:5]), sys.argv[5:] == ["fused"])
