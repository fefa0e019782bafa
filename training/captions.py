"""Captions: many ways to say what is in a scene, and the tokenizer that reads them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from .objects import DrawableObject, bare, with_article
from .scenes import GROUNDS, SCENERIES, WHITE, Scene

PAD, END, UNKNOWN = 0, 1, 2
_FRAMES = ("{}", "{}", "{}", "{}", "a picture of {}", "an image of {}", "a drawing of {}", "an emoji of {}")
_SMALL = ("small", "little", "tiny")
_BIG = ("big", "large")
_NUMBERS = {2: "two", 3: "three"}
_GROUPS = {2: "a pair", 3: "a row"}


class CaptionWriter:
    """Writes one of the captions that fit a scene; the same generator state gives the same caption."""

    def __init__(self, objects: Sequence[DrawableObject], rng: random.Random) -> None:
        self._objects = objects
        self._rng = rng

    def write(self, scene: Scene) -> str:
        return self._with_background(self._framed(self._subject(scene)), scene)

    def _subject(self, scene: Scene) -> str:
        first = self._objects[scene.placements[0].object_index]
        if len(scene.placements) > 1:
            return self._several([self._objects[place.object_index] for place in scene.placements])
        name = self._name(first)
        if not scene.is_centred():
            return with_article(f"{self._rng.choice(_SMALL)} {bare(name)}")
        if self._rng.random() < 0.08:
            return with_article(f"{self._rng.choice(_BIG)} {bare(name)}")
        return with_article(name) if self._rng.random() < 0.8 else bare(name)

    def _several(self, entries: list[DrawableObject]) -> str:
        plural, count = entries[0].plural, len(entries)
        if all(entry is entries[0] for entry in entries):
            return self._rng.choice((f"{_NUMBERS[count]} {plural}",) * 2 + (f"{_GROUPS[count]} of {plural}",))
        *others, last = (with_article(self._name(entry)) for entry in entries)
        return f"{', '.join(others)} and {last}"

    def _name(self, entry: DrawableObject) -> str:
        if self._rng.random() < 0.4:
            return entry.names[0]
        return self._rng.choice(entry.names)

    def _framed(self, subject: str) -> str:
        return self._rng.choice(_FRAMES).format(subject)

    def _with_background(self, caption: str, scene: Scene) -> str:
        if scene.ground == WHITE and self._rng.random() < 0.8:
            return caption
        return caption + ground_phrase(scene.ground, self._rng)


def ground_phrase(ground: int, rng: random.Random) -> str:
    """What is put after the name of a thing to say what is behind it."""
    name = GROUNDS[ground]
    if name in SCENERIES:
        return f" {rng.choice(SCENERIES[name].phrases)}"
    background = f" on {with_article(name)} background"
    return rng.choice((*(background,) * 3, f" with {with_article(name)} background", f", {name} background", f" on {name}"))


def train_tokenizer(captions: Sequence[str], size: int, longest: int) -> Tokenizer:
    """A lower-casing BPE tokenizer that closes every caption with ``</s>``, as T5's does."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation()])
    tokenizer.decoder = decoders.Metaspace()
    alphabet = list("abcdefghijklmnopqrstuvwxyz0123456789,.'-!?")
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=["<pad>", "</s>", "<unk>"],
        initial_alphabet=alphabet,
        min_frequency=2,
        show_progress=False,
    )
    tokenizer.train_from_iterator(captions, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", END)])
    tokenizer.enable_truncation(longest)
    return tokenizer


def save_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    tokenizer.save(str(path), pretty=True)
