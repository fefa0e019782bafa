"""The classes of ``emoji-var``: each object, then each section of the table of objects, of which any object is one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from .objects import TABLE, bare, load_objects


@dataclass(frozen=True)
class NamedClasses:
    """Names of the objects and of their groups, and each object's group."""

    objects: tuple[str, ...]
    groups: tuple[str, ...]
    members: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """By class number."""
        return self.objects + tuple(f"any of {group}" for group in self.groups)

    def group_of(self, thing: int) -> int:
        """The class of an object's group."""
        return len(self.objects) + self.members[thing]


def load_classes(table: Path = TABLE) -> NamedClasses:
    """A section begins with a comment behind an empty line."""
    groups: list[str] = []
    members: list[int] = []
    before = "-"
    for line in table.read_text(encoding="utf-8").splitlines():
        if line.startswith("# ") and before == "":
            groups.append(line[2:])
        elif line and not line.startswith("# "):
            members.append(len(groups) - 1)
        before = line
    return NamedClasses(tuple(bare(entry.name) for entry in load_objects(table)), tuple(groups), tuple(members))
