"""The recipe of ``emoji-llamagen``: tokenizers, token pool, generator, decoder, export; finished steps are kept."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from .captions import CaptionWriter, train_tokenizer
from .export import export
from .generator import GeneratorTraining, train_generator
from .gpt import GptSettings
from .image_tokenizer import (
    ImageTokenizerTraining,
    load_image_tokenizer,
    measure,
    sharpen_decoder,
    teach_encoder,
    train_image_tokenizer,
)
from .log import losses
from .naming import measure_naming
from .objects import load_objects
from .pool import TokenPool, build_pool
from .scenes import SceneSampler
from .sheet import draw_sheet

CAPTIONS_FOR_TOKENIZER = 60_000


@dataclass(frozen=True)
class Recipe:
    """Minutes for each step, and how many processes of one thread share the work."""

    run: Path
    tokenizer_minutes: float = 30
    generator_minutes: float = 180
    decoder_minutes: float = 15
    encoder_minutes: float = 15
    ranks: int = 2
    random_scenes: int = 12_000

    def steps(self) -> None:
        """All steps in order; a step whose result lies in the run's folder is not repeated."""
        self.run.mkdir(parents=True, exist_ok=True)
        self._step("vq.pt", self._train_image_tokenizer)
        self._step("pool.pt", self._encode_pool)
        self._step("tokenizer.json", self._train_text_tokenizer)
        self._step("generator.done", self._train_generator)
        self._step("decoder.done", self._sharpen_decoder)
        self._step("encoder.done", self._teach_encoder)
        self._step("figures.json", self._measure)
        export(self.run, self.run / "export")
        draw_sheet(self.run, self.run / "sheet.png")

    def _step(self, result: str, action: Callable[[], None]) -> None:
        if (self.run / result).exists():
            print(f"{result}: kept", flush=True)
            return
        action()
        (self.run / result).touch()
        print(f"{result}: done", flush=True)

    def _train_image_tokenizer(self) -> None:
        train_image_tokenizer(ImageTokenizerTraining(self.run, self.tokenizer_minutes, ranks=self.ranks))

    def _encode_pool(self) -> None:
        build_pool(load_image_tokenizer(self.run), self.random_scenes).save(self.run / "pool.pt")

    def _train_text_tokenizer(self) -> None:
        caption_tokenizer().save(str(self.run / "tokenizer.json"))

    def _train_generator(self) -> None:
        tokenizer = Tokenizer.from_file(str(self.run / "tokenizer.json"))
        settings = GeneratorTraining(self.run, self.generator_minutes, ranks=self.ranks)
        train_generator(settings, TokenPool.load(self.run / "pool.pt"), tokenizer)

    def _sharpen_decoder(self) -> None:
        sharpen_decoder(self.run, TokenPool.load(self.run / "pool.pt"), self.decoder_minutes, self.ranks)

    def _teach_encoder(self) -> None:
        teach_encoder(self.run, TokenPool.load(self.run / "pool.pt"), self.encoder_minutes, self.ranks)

    def _measure(self) -> None:
        (self.run / "figures.json").write_text(json.dumps({**measure(self.run), **measure_naming(self.run)}), encoding="utf-8")


def smoke(run: Path, ranks: int) -> None:
    """Every step in about four minutes, and an error unless the losses fall; the model is of no use."""
    Recipe(run, 1.5, 1.5, 0.5, 0.5, ranks, random_scenes=200).steps()
    for name in ("vq.jsonl", "generator.jsonl", "decoder.jsonl", "encoder.jsonl"):
        course = losses(run / name)
        if len(course) < 2 or course[-1] >= course[0]:
            raise AssertionError(f"the losses of {name} do not fall: {course}")


def caption_tokenizer(seed: int = 3, pieces: int = 900) -> Tokenizer:
    """The text tokenizer, made from captions of random scenes."""
    objects, rng = load_objects(), random.Random(seed)
    sampler, writer = SceneSampler(len(objects), rng), CaptionWriter(objects, rng)
    captions = [writer.write(sampler.sample()) for _ in range(CAPTIONS_FOR_TOKENIZER)]
    return train_tokenizer(captions, pieces, GptSettings().caption_tokens)
