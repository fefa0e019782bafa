"""Imports a checkpoint by ``./tessera`` and renders a prompt with the bundle, as a user would."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

COMMAND = Path(__file__).parent.parent / "tessera"


def import_bundle(family: str, options: Sequence[str | Path], bundle: Path) -> None:
    """``./tessera models import``, with fp16 storage, into a folder that must not exist."""
    tessera("models", "import", family, *options, "--storage", "fp16", "--licence", "Apache-2.0", "--name", bundle.name,
            "--out", bundle.absolute())


def require_rendering(bundle: Path, side: int, prompt: str = "a red heart") -> None:
    """An error unless the bundle draws a picture of this size that is not of one colour."""
    require_picture(bundle, (side, side), "--prompt", prompt)


def require_picture(bundle: Path, size: tuple[int, int], *condition: str) -> None:
    """An error unless the bundle draws a picture of this width and height that is not of one colour."""
    path = bundle.absolute().with_suffix(".png")
    path.unlink(missing_ok=True)
    tessera("render", "--bundle", bundle.absolute(), *condition, "--seed", "1", "--out", path)
    with Image.open(path) as picture:
        if picture.size != size or all(least == most for least, most in picture.convert("RGB").getextrema()):
            raise AssertionError(f"{bundle} draws {picture.size} with {picture.convert('RGB').getextrema()}")


def tessera(*arguments: str | Path) -> str:
    """Runs the command, whose errors are shown; what it prints."""
    return subprocess.run([COMMAND, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
