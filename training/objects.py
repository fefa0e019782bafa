"""The objects a model can draw: read from ``objects.txt``, or from the file that the variable ``TESSERA_OBJECTS`` names."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(os.environ.get("TESSERA_OBJECTS") or Path(__file__).with_name("objects.txt"))
_ARTICLES = ("a ", "an ", "the ", "some ")


@dataclass(frozen=True)
class DrawableObject:
    """One emoji with the names that captions may use; the first name is the principal one."""

    emoji: str
    names: tuple[str, ...]
    plural: str

    def __post_init__(self) -> None:
        if not self.names:
            raise ValueError(f"{self.emoji} has no name")

    @property
    def name(self) -> str:
        """The principal name without an article."""
        return bare(self.names[0])


def bare(name: str) -> str:
    """The name without the article it may carry."""
    for article in _ARTICLES:
        if name.startswith(article):
            return name[len(article):]
    return name


def with_article(name: str) -> str:
    """The name with its own article, or with "a" or "an"."""
    if name.startswith(_ARTICLES):
        return name
    return f"{'an' if name[0] in 'aeio' or name.startswith('umb') else 'a'} {name}"


def regular_plural(name: str) -> str:
    """The name with -s, or -es after a sibilant."""
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")


def load_objects(path: Path = TABLE) -> list[DrawableObject]:
    """All objects of the table, in its order."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [_parse(line) for line in lines if line and not line.startswith("# ")]


def _parse(line: str) -> DrawableObject:
    entry, _, plural = line.partition("~")
    emoji, *names = (part.strip() for part in entry.split(";"))
    return DrawableObject(emoji, tuple(names), plural.strip() or regular_plural(bare(names[0])))
