"""``python -m training.pictures``: the pictures of the documentation, drawn by ``./tessera`` with the models that ship.

The local stack must be up (``./tessera up``).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from .bundle import tessera
from .classes import load_classes
from .sheet import PROMPTS

DOCUMENTS = Path(__file__).parent.parent / "docs" / "images"
LARGE = 128
"""Side of a picture on a sheet, in pixels; smaller ones are enlarged."""

README = ("a slice of pizza", "a cat at night", "a sailboat on the sea", "a red heart", "a duck on the grass", "a rocket in the sky",
          "a tiger in the snow", "a guitar", "a cat face on a blue background", "an airplane in the sky", "a snowman", "a panda at night")
FIRST = (*PROMPTS[:-1], "a penguin on a pink background")
GUIDED = ("a duck on the grass", "a drum under the stars", "an elephant in the sea", "a bicycle in the snow", "a castle up in the sky")
SCALES = {"emoji-llamagen": (1.0, 1.25, 1.5, 2.0), "emoji-muse": (1.0, 1.5, 2.0, 3.0)}
CLASSES = (44, 154, 0, 109, 97, 77, 80, 49, 108, 98, 113, 18)
"""Of ``emoji-var``."""


def prompts() -> list[str]:
    """The forty prompts of ``prompts.txt``."""
    lines = Path(__file__).with_name("prompts.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


@dataclass(frozen=True)
class Drawn:
    """A picture of a finished job."""

    job: str
    picture: Image.Image


def draw(*options: str) -> Drawn:
    """``./tessera generate`` with these options."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "picture.png"
        answer = json.loads(tessera("generate", *options, "--json", "--out", path))
        with Image.open(path) as picture:
            return Drawn(answer["job"]["id"], picture.convert("RGB"))


def sheet(pictures: Sequence[Image.Image], columns: int, gap: int = 0) -> Image.Image:
    """Pictures in rows, all of the size of the first, small ones enlarged; every third has a gap behind it where there is a ``gap``."""
    scale = max(1, LARGE // pictures[0].height)
    width, height = (scale * side for side in pictures[0].size)
    rows = -(-len(pictures) // columns)
    whole = Image.new("RGB", (columns * width + gap * ((columns - 1) // 3), rows * height + gap * (rows - 1)), "white")
    for i, picture in enumerate(pictures):
        row, column = divmod(i, columns)
        whole.paste(picture.resize((width, height), Image.Resampling.NEAREST),
                    (column * width + gap * (column // 3), row * (height + gap)))
    return whole


def draw_prompts(model: str, asked: Sequence[str], columns: int) -> Image.Image:
    """One picture of each prompt, defaults of the bundle, seed 1."""
    return sheet([draw(prompt, "--model", model, "--seed", "1").picture for prompt in asked], columns)


def draw_guidance(model: str) -> Image.Image:
    """A row for each guidance scale."""
    return sheet([draw(prompt, "--model", model, "--seed", "1", "--guidance-scale", str(scale)).picture
                  for scale in SCALES[model] for prompt in GUIDED], len(GUIDED))


def draw_classes() -> Image.Image:
    """Classes of ``emoji-var``."""
    assert max(CLASSES) < len(load_classes().names)
    return sheet([draw("--model", "emoji-var", "--class", str(number), "--seed", "1").picture for number in CLASSES], 6)


def draw_landscapes() -> Image.Image:
    """A panorama of each kind of ``landscape-gpt``."""
    return sheet([draw("--model", "landscape-gpt", "--class", str(kind), "--size", "512x128", "--seed", "1").picture for kind in range(6)], 1)


@dataclass(frozen=True)
class Edit:
    """A picture of ``first``, seed 1, and what ``then`` makes of it; ``box`` is what is drawn anew, all where it is missing."""

    first: str
    then: tuple[str, ...]
    box: tuple[int, int, int, int] | None = None
    first_model: str | None = None

    def draw(self, model: str) -> list[Image.Image]:
        """Before, what is drawn anew, after."""
        before = draw(self.first, "--model", self.first_model or model, "--seed", "1")
        after = draw(*self.then, "--model", model, "--from", before.job).picture
        picture = before.picture.resize(after.size, Image.Resampling.NEAREST)
        return [picture, shaded(picture, self.box or (0, 0, *picture.size)), after]


def shaded(picture: Image.Image, box: tuple[int, int, int, int]) -> Image.Image:
    """The picture with a box [left, top, width, height] under grey stripes."""
    shade, copy = Image.new("L", picture.size, 0), picture.copy()
    left, top, width, height = box
    stripes = ImageDraw.Draw(shade)
    for x in range(-picture.height, picture.width, 4):
        stripes.line((x, picture.height, x + picture.height, 0), fill=200, width=2)
    copy.paste((128, 128, 128), (left, top), shade.crop((left, top, left + width, top + height)))
    return copy


EDITS = (
    Edit("a red heart", ("a red heart", "--keep", "0,0,64,30", "--seed", "3", "--temperature", "0.7"), (0, 30, 64, 34)),
    Edit("a red heart", ("a blue heart", "--region", "0,24,64,40", "--seed", "1"), (0, 24, 64, 40)),
    Edit("a red apple", ("a cat face", "--region", "0,32,64,32", "--seed", "1"), (0, 32, 64, 32)),
    Edit("a slice of pizza", ("a slice of pizza", "--strength", "0.6", "--temperature", "1", "--seed", "4")),
)
"""Of ``emoji-llamagen``."""

MASKED_EDITS = (
    Edit("a cat face", ("a dog face", "--region", "0,0,128,64", "--seed", "3"), (0, 0, 128, 64)),
    Edit("a duck on the grass", ("an owl on the grass", "--region", "8,16,112,104", "--seed", "1"), (8, 16, 112, 104)),
    Edit("a cat face", ("a cat face", "--strength", "0.5", "--seed", "4")),
    Edit("a red heart", ("a red heart", "--upscale", "--seed", "1"), first_model="emoji-llamagen"),
    Edit("a cat face", ("a dog face", "--resample", "--seed", "1")),
    Edit("a red heart", ("a blue heart", "--resample", "--steps", "30", "--seed", "1")),
)
"""Of ``emoji-muse``, whose pictures are 128 pixels large."""


def draw_edits(model: str, edits: Sequence[Edit]) -> Image.Image:
    """Two edits a row."""
    return sheet([picture for edit in edits for picture in edit.draw(model)], 6, gap=16)


SHEETS: dict[str, Callable[[], Image.Image]] = {
    "readme": lambda: draw_prompts("emoji-muse", README, 6),
    "first-sheet": lambda: draw_prompts("emoji-llamagen", FIRST, 6),
    "llamagen-sheet": lambda: draw_prompts("emoji-llamagen", prompts(), 8),
    "llamagen-guidance": lambda: draw_guidance("emoji-llamagen"),
    "muse-sheet": lambda: draw_prompts("emoji-muse", prompts(), 8),
    "muse-guidance": lambda: draw_guidance("emoji-muse"),
    "editing": lambda: draw_edits("emoji-llamagen", EDITS),
    "editing-muse": lambda: draw_edits("emoji-muse", MASKED_EDITS),
    "var-sheet": draw_classes,
    "landscape-sheet": draw_landscapes,
}


def main() -> None:
    """Writes the sheets that are asked for, or all."""
    parser = argparse.ArgumentParser(prog="python -m training.pictures", description=__doc__)
    parser.add_argument("sheets", nargs="*", metavar="SHEET", help=f"some of {', '.join(SHEETS)}; all of them unless told")
    parser.add_argument("--out", type=Path, default=DOCUMENTS, help="folder of the pictures")
    arguments = parser.parse_args()
    if unknown := set(arguments.sheets) - set(SHEETS):
        parser.error(f"there is no sheet {', '.join(sorted(unknown))}")
    for name in arguments.sheets or SHEETS:
        SHEETS[name]().save(arguments.out / f"{name}.png", optimize=True)
        print(arguments.out / f"{name}.png", flush=True)


if __name__ == "__main__":
    main()
