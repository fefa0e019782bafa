"""``python -m training.emoji_table``: a table of all emoji, as ``objects.txt`` is one of some, for ``--objects`` of the recipes.

Emoji, groups and names come from Debian's packages ``unicode-data`` and ``unicode-cldr-core``. Left out are flags, variants of the skin's
colour, and what the font does not draw as one picture.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from PIL import ImageFont

from .scenes import FONT, FONT_SIZE

TEST = Path("/usr/share/unicode/emoji/emoji-test.txt")
ANNOTATIONS = Path("/usr/share/unicode/cldr/common/annotations/en.xml")
DERIVED = Path("/usr/share/unicode/cldr/common/annotationsDerived/en.xml")
LEFT_OUT = ("Flags", "Component")
SKIN = range(0x1F3FB, 0x1F400)
MOST_NAMES = 4


def emoji_by_group(test: Path = TEST) -> Iterator[tuple[str, str]]:
    """Groups and emoji, in Unicode's order."""
    group = ""
    for line in test.read_text(encoding="utf-8").splitlines():
        if line.startswith("# group: "):
            group = line.removeprefix("# group: ")
        elif found := re.match(r"([0-9A-F ]+?) *; fully-qualified", line):
            points = [int(point, 16) for point in found[1].split()]
            if group not in LEFT_OUT and not any(point in SKIN for point in points):
                yield group, "".join(map(chr, points))


def names_and_keywords(*files: Path) -> tuple[dict[str, str], dict[str, list[str]]]:
    """CLDR's name and keywords of each emoji, which it writes without variation selectors."""
    names: dict[str, str] = {}
    keywords: dict[str, list[str]] = {}
    for file in files:
        for entry in ElementTree.parse(file).iter("annotation"):
            emoji, text = entry.attrib["cp"], _plain(entry.text or "")
            if entry.get("type") == "tts":
                names[emoji] = text
            else:
                keywords[emoji] = [word.strip() for word in text.split("|")]
    return names, keywords


def table(entries: list[tuple[str, str]], names: dict[str, str], keywords: dict[str, list[str]]) -> Iterator[str]:
    """Lines of the table: the name, and keywords that no other emoji has and that are nobody's name."""
    entries = [entry for entry in entries if _bare(entry[1]) in names]
    own = Counter(names[_bare(emoji)] for _, emoji in entries)
    shared = Counter(word for _, emoji in entries for word in set(keywords.get(_bare(emoji), [])))
    before = ""
    for group, emoji in entries:
        if own[names[_bare(emoji)]] > 1:
            continue
        if group != before:
            yield from ("", f"# {group.lower().replace('&', 'and')}")
            before = group
        further = [word for word in keywords.get(_bare(emoji), []) if shared[word] == 1 and own[word] == 0]
        yield " ; ".join((emoji, names[_bare(emoji)], *further[: MOST_NAMES - 1]))


def drawn_as_one(emoji: str, font: ImageFont.FreeTypeFont) -> bool:
    """Whether the font has one picture of it."""
    return 0 < font.getlength(emoji) <= 1.2 * font.getlength("\N{GRINNING FACE}")


def _bare(emoji: str) -> str:
    return emoji.replace("\ufe0f", "")


def _plain(text: str) -> str:
    """Without what separates fields in the table."""
    return re.sub(r"[;~]", " ", text.lower().replace("’", "'").replace(": ", " ")).strip()


def main() -> None:
    """Prints the table."""
    argparse.ArgumentParser(prog="python -m training.emoji_table", description=__doc__).parse_args()
    if not TEST.exists() or not ANNOTATIONS.exists():
        sys.exit("needs the files of the packages unicode-data and unicode-cldr-core: apt-get install unicode-data unicode-cldr-core")
    font = ImageFont.truetype(FONT, FONT_SIZE)
    entries = [entry for entry in emoji_by_group() if drawn_as_one(entry[1], font)]
    print("# All emoji, made by python -m training.emoji_table; see objects.txt for what the lines mean.")
    for line in table(entries, *names_and_keywords(ANNOTATIONS, DERIVED)):
        print(line)


if __name__ == "__main__":
    main()
