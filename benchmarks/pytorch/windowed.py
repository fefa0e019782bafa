"""Times the published sliding window, one JSON object a line: python windowed.py SIZE CHECKPOINT CELLS_OF_ONE_ROW

A cell costs the same wherever it is, because each runs a whole window: cells of a middle row stand for all.
"""

from __future__ import annotations

import json
import sys
import time

import torch

from taming import SIZES, Gpt, draw_rows

ROWS, TOP_K = 42, 100


def main(name: str, checkpoint: str, cells: int) -> None:
    size = SIZES[name]
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)["state_dict"]
    model = Gpt(size).eval()
    model.load_state_dict({key.removeprefix("transformer."): value for key, value in state.items() if key.startswith("transformer.")})
    torch.manual_seed(0)
    condition = torch.randint(size.codes, (ROWS, cells) if size.mapped else (1,))
    tokens = torch.randint(size.codes, (ROWS, cells))
    draw_rows(model, condition[:, :16] if size.mapped else condition, tokens[:, :16], range(20, 21), TOP_K)
    start = time.perf_counter()
    draw_rows(model, condition, tokens, range(20, 21), TOP_K)
    print(json.dumps({"seconds_per_cell": (time.perf_counter() - start) / cells, "threads": torch.get_num_threads()}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
