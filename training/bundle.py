"""Imports a checkpoint by ``./tessera`` and renders a prompt with the bundle, as a user would."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

COMMAND = Path(__file__).parent.parent / "tessera"


def import_bundle(family: str, options: Sequence[str | Path], bundle: Path) -> None:
    """``./tessera models import``, with fp16 storage, into a folder that must not exist."""
    _tessera("models", "import", family, *options, "--storage", "fp16", "--licence", "Apache-2.0", "--name", bundle.name,
             "--out", bundle.absolute())


def require_rendering(bundle: Path, side: int, prompt: str = "a red heart") -> None:
    """An error unless the bundle draws a picture of this size that is not of one colour."""
    path = bundle.absolute().with_suffix(".png")
    path.unlink(missing_ok=True)
    _tessera("render", "--bundle", bundle.absolute(), "--prompt", prompt, "--seed", "1", "--out", path)
    picture = np.asarray(Image.open(path).convert("RGB"))
    if picture.shape != (side, side, 3) or picture.min() == picture.max():
        raise AssertionError(f"{bundle} draws {picture.shape} from {picture.min()} to {picture.max()}")


def _tessera(*arguments: str | Path) -> None:
    subprocess.run([COMMAND, *arguments], check=True)
