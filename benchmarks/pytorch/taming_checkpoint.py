"""Writes a random VQGAN + GPT checkpoint in the published layout: python taming_checkpoint.py SIZE FOLDER (sizes: taming.SIZES)"""

from __future__ import annotations

import sys
from pathlib import Path

from taming import SIZES, write_checkpoint

if __name__ == "__main__":
    write_checkpoint(SIZES[sys.argv[1]], Path(sys.argv[2]))
