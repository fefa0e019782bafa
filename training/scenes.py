"""Scenes: one to three emoji on a plain colour or in a simple scenery, drawn on a grid that matches the image tokenizer's stride."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from .objects import DrawableObject

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
FONT_SIZE = 109
"""The only size at which the bitmap font can be read."""

IMAGE_SIZE = 64
STRIDE = 4
"""Pixels per token. Positions are multiples of it, so that a moved object gives moved tokens."""

BACKGROUNDS: dict[str, tuple[int, int, int]] = {
    "white": (255, 255, 255),
    "black": (20, 20, 24),
    "gray": (158, 158, 158),
    "red": (214, 58, 58),
    "orange": (250, 160, 60),
    "yellow": (255, 225, 90),
    "green": (96, 176, 92),
    "blue": (64, 120, 216),
    "light blue": (160, 212, 246),
    "purple": (138, 84, 180),
    "pink": (248, 180, 206),
    "brown": (126, 88, 66),
}
WHITE = 0
COLOURS: tuple[str, ...] = tuple(BACKGROUNDS)


@dataclass(frozen=True)
class Scenery:
    """A ground that is more than a colour: one colour above the horizon, one below, and round spots on both.

    ``horizon`` counts pixels from above; a spot is its centre, its half width and its half height in pixels.
    """

    phrases: tuple[str, ...]
    upper: tuple[int, int, int]
    lower: tuple[int, int, int]
    horizon: int
    spot: tuple[int, int, int] = (255, 255, 255)
    spots: tuple[tuple[float, float, float, float], ...] = ()

    def draw(self, scale: int) -> Image.Image:
        """The picture without objects."""
        side = scale * IMAGE_SIZE
        picture = Image.new("RGB", (4 * side, 4 * side), self.upper)
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, 4 * scale * self.horizon, 4 * side, 4 * side), fill=self.lower)
        for x, y, width, height in self.spots:
            draw.ellipse([4 * scale * length for length in (x - width, y - height, x + width, y + height)], fill=self.spot)
        return picture.resize((side, side), Image.Resampling.BOX)


_DAY = BACKGROUNDS["light blue"]
SCENERIES: dict[str, Scenery] = {
    "grass": Scenery(("on grass", "on the grass", "in the grass"), _DAY, BACKGROUNDS["green"], 48),
    "night": Scenery(("at night", "in the night", "under the stars"), BACKGROUNDS["black"], (52, 60, 52), 52, (255, 240, 170),
                     ((6, 6, 1.2, 1.2), (22, 3, 1.2, 1.2), (42, 6, 1.2, 1.2), (58, 10, 1.2, 1.2), (3, 26, 1.2, 1.2), (61, 30, 1.2, 1.2))),
    "sea": Scenery(("at sea", "on the sea", "in the sea"), _DAY, BACKGROUNDS["blue"], 44, (220, 236, 252),
                   ((6, 50, 4, 1), (58, 54, 4, 1), (10, 60, 4, 1), (46, 62, 4, 1))),
    "snow": Scenery(("in the snow", "in snow"), BACKGROUNDS["gray"], BACKGROUNDS["white"], 48, (255, 255, 255),
                    ((6, 6, 1.5, 1.5), (26, 3, 1.5, 1.5), (46, 6, 1.5, 1.5), (60, 18, 1.5, 1.5), (3, 22, 1.5, 1.5), (58, 38, 1.5, 1.5),
                     (6, 40, 1.5, 1.5))),
    "sky": Scenery(("in the sky", "up in the sky"), _DAY, _DAY, 64, (255, 255, 255),
                   ((8, 10, 9, 4), (56, 6, 9, 4), (4, 54, 10, 5), (58, 58, 11, 5), (30, 63, 10, 4))),
}
GROUNDS: tuple[str, ...] = (*COLOURS, *SCENERIES)
"""All that may be behind the objects of a scene."""

BIG = 56
IN_SCENERY = 48
"""Sides of the one object of a usual scene, on a colour and in a scenery."""
SMALL_SIZES = (40, 48)
PAIR_SIZE = 32
TRIO_SIZE = 20
"""Sides of the objects of a scene that shows two and three."""
MOST_OBJECTS = int(os.environ.get("TESSERA_MOST_OBJECTS") or 2)
"""How many objects a scene shows at most, 2 or 3: the shipped models were trained on 2."""
if MOST_OBJECTS not in (2, 3):
    raise ValueError(f"TESSERA_MOST_OBJECTS is 2 or 3, not {MOST_OBJECTS}")


@dataclass(frozen=True)
class Placement:
    """One object: its index, the side of its square in pixels, and the square's upper left corner."""

    object_index: int
    size: int
    x: int
    y: int

    def __post_init__(self) -> None:
        if min(self.x, self.y) < 0 or max(self.x, self.y) + self.size > IMAGE_SIZE:
            raise ValueError(f"{self} leaves the picture")


@dataclass(frozen=True)
class Scene:
    """Placements from left to right on one of ``GROUNDS``."""

    placements: tuple[Placement, ...]
    ground: int

    def is_centred(self) -> bool:
        """Whether it shows one big object in the middle."""
        return len(self.placements) == 1 and self == centred(self.placements[0].object_index, self.ground)

    def is_held_out(self) -> bool:
        """Whether no training may show it: each object has one scenery in which it is never seen."""
        return any(held_out_scenery(place.object_index) == self.ground for place in self.placements)


class SpriteAtlas:
    """Emoji pictures with premultiplied alpha, cut to their outline and scaled on demand."""

    def __init__(self, objects: Sequence[DrawableObject], font: str = FONT) -> None:
        self._font = ImageFont.truetype(font, FONT_SIZE)
        self._emoji = [entry.emoji for entry in objects]
        self.sprite = lru_cache(maxsize=8192)(self._sprite)

    def _sprite(self, object_index: int, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Premultiplied colour [size, size, 3] and alpha [size, size, 1], both in 0..1."""
        glyph = self._glyph(self._emoji[object_index])
        scale = size / max(glyph.size)
        extent = tuple(max(1, round(side * scale)) for side in glyph.size)
        square = Image.new("RGBA", (size, size))
        scaled = glyph.convert("RGBa").resize(extent, Image.Resampling.LANCZOS).convert("RGBA")
        square.paste(scaled, ((size - extent[0]) // 2, (size - extent[1]) // 2))
        pixels = np.asarray(square, dtype=np.float32) / 255
        return pixels[..., :3] * pixels[..., 3:], pixels[..., 3:]

    def _glyph(self, emoji: str) -> Image.Image:
        canvas = Image.new("RGBA", (160, 160))
        ImageDraw.Draw(canvas).text((8, 8), emoji, font=self._font, embedded_color=True)
        outline = canvas.getbbox()
        if outline is None:
            raise ValueError(f"the font has no picture of {emoji}")
        return canvas.crop(outline)

    def render(self, scene: Scene, scale: int = 1) -> np.ndarray:
        """The picture as uint8 [64, 64, 3], or as many times larger as ``scale`` says."""
        picture = backdrop(scene.ground, scale).copy()
        for place in scene.placements:
            left, top, size = (scale * length for length in (place.x, place.y, place.size))
            colour, alpha = self.sprite(place.object_index, size)
            window = picture[top:top + size, left:left + size]
            window *= 1 - alpha
            window += colour
        return np.rint(picture.clip(0, 1) * 255).astype(np.uint8)


@lru_cache(maxsize=64)
def backdrop(ground: int, scale: int = 1) -> np.ndarray:
    """The picture of a ground in 0..1, [64 scale, 64 scale, 3]; not to be written to."""
    name, side = GROUNDS[ground], scale * IMAGE_SIZE
    picture = SCENERIES[name].draw(scale) if name in SCENERIES else Image.new("RGB", (side, side), BACKGROUNDS[name])
    return np.asarray(picture, dtype=np.float32) / 255


class SceneSampler:
    """Draws random scenes; the same generator state gives the same scenes.

    Most show one big object in the middle, so that a prompt that says nothing else has one obvious answer. Small objects,
    pairs and trios stand on plain colours only.
    """

    def __init__(self, object_count: int, rng: random.Random, most_objects: int = MOST_OBJECTS) -> None:
        self._object_count = object_count
        self._rng = rng
        self._most_objects = most_objects

    def sample(self) -> Scene:
        kind = self._rng.random()
        if kind < 0.70:
            return self._centred()
        if kind < 0.86:
            return Scene((self._small(),), self._colour())
        if self._most_objects == 3 and kind > 0.94:
            return Scene(self._trio(), self._colour())
        return Scene(self._pair(), self._colour())

    def _centred(self) -> Scene:
        thing = self._object()
        if self._rng.random() < 0.7:
            return centred(thing, self._colour())
        return centred(thing, self._rng.choice(shown_sceneries(thing)))

    def _colour(self) -> int:
        return WHITE if self._rng.random() < 0.4 else self._rng.randrange(len(COLOURS))

    def _small(self) -> Placement:
        size = self._rng.choice(SMALL_SIZES)
        centre = (IMAGE_SIZE - size) // 2
        return Placement(self._object(), size, self._near(centre), self._near(centre))

    def _pair(self) -> tuple[Placement, ...]:
        left = self._object()
        right = left if self._rng.random() < 0.4 else self._object()
        middle = (IMAGE_SIZE - PAIR_SIZE) // 2
        return Placement(left, PAIR_SIZE, 0, middle), Placement(right, PAIR_SIZE, PAIR_SIZE, middle)

    def _trio(self) -> tuple[Placement, ...]:
        alike = self._rng.random() < 0.4
        first = self._object()
        middle = (IMAGE_SIZE - TRIO_SIZE) // 2 // STRIDE * STRIDE
        things = [first if alike or i == 0 else self._object() for i in range(3)]
        return tuple(Placement(thing, TRIO_SIZE, i * TRIO_SIZE, middle) for i, thing in enumerate(things))

    def _object(self) -> int:
        return self._rng.randrange(self._object_count)

    def _near(self, centre: int) -> int:
        """The centre, or one token beside it."""
        return centre + STRIDE * self._rng.choice((-1, 0, 0, 1))


def centred(object_index: int, ground: int) -> Scene:
    """One big object in the middle; in a scenery it is smaller and lower, so that something is seen of the scenery."""
    size = BIG if ground < len(COLOURS) else IN_SCENERY
    margin = (IMAGE_SIZE - size) // 2
    return Scene((Placement(object_index, size, margin, margin if size == BIG else margin + STRIDE),), ground)


def held_out_scenery(object_index: int) -> int:
    """The ground on which no training may show an object: what is drawn for it was put together, not remembered."""
    return len(COLOURS) + object_index % len(SCENERIES)


def shown_sceneries(object_index: int) -> list[int]:
    """The others."""
    return [ground for ground in range(len(COLOURS), len(GROUNDS)) if ground != held_out_scenery(object_index)]


def to_batch(pictures: Sequence[np.ndarray]) -> Tensor:
    """uint8 pictures [H, W, 3] to one channels-last batch [B, 3, H, W] in −1…1."""
    batch = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).float()
    return (batch / 127.5 - 1).contiguous(memory_format=torch.channels_last)


def to_pictures(batch: Tensor) -> np.ndarray:
    """The way back: [B, 3, H, W] in about −1…1 to uint8 [B, H, W, 3]."""
    return (127.5 * batch + 128).clamp(0, 255).byte().permute(0, 2, 3, 1).numpy()
