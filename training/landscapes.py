"""Landscapes of any width: sky, hills or sea, a sun or moon, and emoji that stand where they belong, on a grid of cells."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from .objects import DrawableObject
from .scenes import SpriteAtlas

CELL = 8
"""Pixels per token of the tokenizer of landscapes."""

ROWS = 16
HEIGHT = ROWS * CELL
HALF = CELL // 2
"""Hills rise and fall in steps of it, so that equal slopes have equal tokens."""

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Kind:
    """What belongs into one kind of scenery; ``far`` is None at sea, where ``near`` is the water."""

    name: str
    sky: tuple[Colour, Colour]
    far: Colour | None
    near: tuple[Colour, Colour]
    steep: int
    light: str
    clouds: str
    speck: Colour
    things: tuple[tuple[str, int], ...]


KINDS = (
    Kind("day", ((112, 186, 246), (206, 234, 252)), (122, 178, 128), ((118, 188, 84), (84, 156, 66)), 1, "☀️", "☁️",
         (250, 236, 130), (("🌳", 4), ("🌲", 4), ("🏠", 4), ("🐄", 4), ("🌳", 4), ("🐑", 3))),
    Kind("evening", ((122, 92, 160), (252, 186, 112)), (140, 84, 116), ((92, 74, 84), (62, 52, 66)), 1, "🌞", "☁️",
         (134, 106, 104), (("🌲", 4), ("🏡", 4), ("🌳", 4), ("🌲", 4), ("🐎", 4))),
    Kind("night", ((14, 20, 52), (44, 58, 104)), (30, 50, 76), ((32, 66, 62), (20, 44, 48)), 1, "🌙", "✨",
         (60, 100, 84), (("🌲", 4), ("🏠", 4), ("🌲", 4), ("⛺", 4), ("🦉", 3))),
    Kind("snow", ((120, 160, 205), (205, 222, 238)), (156, 182, 212), ((236, 243, 251), (208, 222, 239)), 2, "☀️", "☁️",
         (170, 192, 220), (("⛄", 4), ("🌲", 4), ("🏠", 4), ("🎄", 4), ("🐧", 3))),
    Kind("sea", ((96, 180, 244), (214, 238, 252)), None, ((58, 142, 206), (22, 84, 160)), 0, "☀️", "☁️",
         (190, 226, 248), (("⛵", 4), ("🚢", 4), ("🏝️", 4), ("🐳", 4), ("🚤", 4))),
    Kind("desert", ((126, 190, 236), (252, 232, 192)), (164, 84, 72), ((214, 128, 84), (184, 98, 62)), 1, "🌞", "☁️",
         (150, 76, 50), (("🌵", 4), ("🐪", 4), ("🌴", 4), ("🌵", 4), ("🦎", 3))),
)
LIGHT_CELLS = 4
LIGHT_COLUMNS = range(1, 5)
"""Where the sun or the moon may begin. It is in the first window of a picture alone, so that a panorama has one."""


@dataclass(frozen=True)
class Sprite:
    """An emoji in a square of ``cells`` cells, with its upper left cell."""

    emoji: str
    cells: int
    row: int
    column: int


@dataclass(frozen=True)
class Landscape:
    """Heights of the edges between sky, far and near ground, in pixels from the top at the borders of columns."""

    kind: int
    far: tuple[int, ...]
    near: tuple[int, ...]
    sprites: tuple[Sprite, ...]
    specks: tuple[tuple[int, int], ...]

    @property
    def columns(self) -> int:
        return len(self.near) - 1


class LandscapeSampler:
    """Draws random landscapes; the same generator state gives the same ones."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def sample(self, columns: int, kind: int | None = None) -> Landscape:
        """One of so many columns, of a random kind unless told."""
        chosen = self._rng.randrange(len(KINDS)) if kind is None else kind
        what = KINDS[chosen]
        near = self._near(what, columns)
        far = (HEIGHT,) * (columns + 1) if what.far is None else self._walk(columns, 44, 72, what.steep)
        sprites = (self._light(what), *self._clouds(what, columns), *self._things(what, near))
        return Landscape(chosen, far, near, sprites, self._specks(near, sprites))

    def _near(self, what: Kind, columns: int) -> tuple[int, ...]:
        return (64,) * (columns + 1) if what.far is None else self._walk(columns, 76, 100, 1)

    def _walk(self, columns: int, highest: int, lowest: int, steep: int) -> tuple[int, ...]:
        """Slopes last for two columns or more and change by one step at a time."""
        height, slope, left = HALF * self._rng.randint(highest // HALF, lowest // HALF), 0, 0
        heights = [height]
        for _ in range(columns):
            left -= 1
            if left < 0:
                slope, left = max(-steep, min(steep, slope + self._rng.choice((-1, 0, 1)))), self._rng.randint(1, 3)
            if not highest <= height + HALF * slope <= lowest:
                slope = 0
            height += HALF * slope
            heights.append(height)
        return tuple(heights)

    def _light(self, what: Kind) -> Sprite:
        return Sprite(what.light, LIGHT_CELLS, self._rng.choice((0, 1)), self._rng.choice(LIGHT_COLUMNS))

    def _clouds(self, what: Kind, columns: int) -> list[Sprite]:
        clouds, column = [], LIGHT_COLUMNS.stop + LIGHT_CELLS + self._rng.randint(0, 4)
        while column + 3 <= columns:
            clouds.append(Sprite(what.clouds, 3, self._rng.randint(0, 2), column))
            column += 3 + self._rng.randint(1, 9)
        return clouds

    def _things(self, what: Kind, near: tuple[int, ...]) -> list[Sprite]:
        things, column = [], self._rng.randint(0, 4)
        while True:
            emoji, cells = self._rng.choice(what.things)
            if column + cells >= len(near):
                return things
            highest = -(-max(near[column:column + cells + 1]) // CELL) + 1
            bottom = min(ROWS, highest + self._rng.choice((0, 0, 1, 2, 3)))
            things.append(Sprite(emoji, cells, bottom - cells, column))
            column += cells + self._rng.choice((0, 1, 2, 3, 5))

    def _specks(self, near: tuple[int, ...], sprites: tuple[Sprite, ...]) -> tuple[tuple[int, int], ...]:
        taken = {(sprite.row + i, sprite.column + j) for sprite in sprites for i in range(sprite.cells) for j in range(sprite.cells)}
        ground = ((row, column) for column in range(len(near) - 1)
                  for row in range(max(near[column:column + 2]) // CELL + 1, ROWS))
        return tuple(cell for cell in ground if cell not in taken and self._rng.random() < 0.08)


class LandscapePainter:
    """Draws landscapes as uint8 pictures [128, 8 · columns, 3]."""

    def __init__(self) -> None:
        emoji = {sprite for kind in KINDS for sprite in (kind.light, kind.clouds, *(thing for thing, _ in kind.things))}
        self._emoji = sorted(emoji)
        self._atlas = SpriteAtlas([DrawableObject(one, (one,), one) for one in self._emoji])

    def paint(self, landscape: Landscape) -> np.ndarray:
        kind, width = KINDS[landscape.kind], landscape.columns * CELL
        picture = np.repeat(_gradient(kind.sky, 0, 72)[:, None], width, axis=1)
        if kind.far is not None:
            _cover(picture, landscape.far, np.asarray(kind.far, dtype=np.float32)[None, None] / 255)
        _cover(picture, landscape.near, _gradient(kind.near, 72, HEIGHT)[:, None])
        for row, column in landscape.specks:
            _speck(picture[row * CELL:(row + 1) * CELL, column * CELL:(column + 1) * CELL], kind)
        for sprite in landscape.sprites:
            self._put(picture, sprite)
        return np.rint(picture.clip(0, 1) * 255).astype(np.uint8)

    def _put(self, picture: np.ndarray, sprite: Sprite) -> None:
        side, top, left = sprite.cells * CELL, sprite.row * CELL, sprite.column * CELL
        colour, alpha = self._atlas.sprite(self._emoji.index(sprite.emoji), side)
        window = picture[top:top + side, left:left + side]
        window *= 1 - alpha
        window += colour


def _gradient(colours: tuple[Colour, Colour], top: int, bottom: int) -> np.ndarray:
    """[128, 3]: the first colour above ``top``, the second below ``bottom``, blended in between."""
    share = ((np.arange(HEIGHT) + 0.5 - top) / (bottom - top)).clip(0, 1)[:, None]
    first, second = (np.asarray(colour, dtype=np.float32) / 255 for colour in colours)
    return ((1 - share) * first + share * second).astype(np.float32)


def _cover(picture: np.ndarray, heights: tuple[int, ...], colour: np.ndarray) -> None:
    """Everything below a smooth curve through the heights at the borders of columns; the curve's edge is blended."""
    known = np.asarray(heights, dtype=np.float32)
    slope = np.gradient(known)
    x = (np.arange(picture.shape[1]) + 0.5) / CELL
    left = x.astype(int)
    t = x - left
    edge = ((1 + 2 * t) * (1 - t)**2 * known[left] + t * (1 - t)**2 * slope[left]
            + t**2 * (3 - 2 * t) * known[left + 1] - t**2 * (1 - t) * slope[left + 1])
    below = (np.arange(len(picture))[:, None] + 0.5 - edge[None] + 0.5).clip(0, 1)[..., None].astype(np.float32)
    picture *= 1 - below
    picture += below * colour


def _speck(cell: np.ndarray, kind: Kind) -> None:
    """A short dash, which is grass, a ripple or a flower."""
    cell[3:5, 2:6] = np.asarray(kind.speck, dtype=np.float32) / 255
