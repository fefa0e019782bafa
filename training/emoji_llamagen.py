"""The recipe of ``emoji-llamagen``: tokenizers, token pool, generator, decoder, export; finished steps are kept."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tokenizers import Tokenizer

from .bundle import import_bundle, require_rendering
from .captions import CaptionWriter, train_tokenizer
from .export import export
from .generator import GeneratorTraining, load_generator, train_generator
from .gpt import GptSettings
from .image_tokenizer import (
    ImageTokenizerTraining,
    PictureSource,
    PoolPictures,
    load_image_tokenizer,
    measure,
    sharpen_decoder,
    teach_encoder,
    train_image_tokenizer,
)
from .naming import measure_naming
from .objects import load_objects
from .pool import TokenPool, build_pool
from .recipe import Steps, require_falling
from .scenes import IMAGE_SIZE, SceneSampler
from .sheet import GUIDANCE, TEMPERATURE, TOP_K, draw_sheet
from .vq import GROUPS

CAPTIONS_FOR_TOKENIZER = 60_000


@dataclass(frozen=True)
class LlamaGenRecipe:
    """Minutes for each step, and how many processes of one thread share the work; ``named`` objects are drawn to measure."""

    run: Path
    tokenizer_minutes: float = 30
    generator_minutes: float = 180
    decoder_minutes: float = 15
    encoder_minutes: float = 15
    ranks: int = 2
    random_scenes: int = 12_000
    named: int | None = None

    def steps(self) -> None:
        """All steps in order."""
        self.shared_steps()
        steps = Steps(self.run)
        steps.take("decoder.done", self._sharpen_decoder)
        steps.take("encoder.done", self._teach_encoder)
        steps.take("figures.json", self._measure)
        export(self.run, self.run / "export")
        draw_sheet(self.run, self.run / "sheet.png")

    def shared_steps(self) -> None:
        """Those whose results other recipes use too."""
        self.image_steps()
        steps = Steps(self.run)
        steps.take("pool.pt", self._encode_pool)
        steps.take("tokenizer.json", self._train_text_tokenizer)
        steps.take("generator.done", self._train_generator)

    def image_steps(self) -> None:
        """The image tokenizer, which others build upon."""
        Steps(self.run).take("vq.pt", self._train_image_tokenizer)

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
        sharpen_decoder(self.run, self._pictures(), self.decoder_minutes, self.ranks)

    def _teach_encoder(self) -> None:
        teach_encoder(self.run, self._pictures(), self.encoder_minutes, self.ranks)

    def _pictures(self) -> Callable[[int], PictureSource]:
        return partial(PoolPictures, TokenPool.load(self.run / "pool.pt"))

    def _measure(self) -> None:
        model, _ = load_generator(self.run)
        naming = measure_naming(load_image_tokenizer(self.run),
                                lambda prompts: model.generate(prompts, 1, GUIDANCE, TOP_K, TEMPERATURE), self.named)
        (self.run / "figures.json").write_text(json.dumps({**measure(self.run), **naming}), encoding="utf-8")

    def import_bundle(self, bundle: Path) -> None:
        """Makes the bundle of the exported checkpoints."""
        checkpoints, gpt = self.run / "export", GptSettings()
        import_bundle("llamagen", [
            "--gpt", checkpoints / "gpt.pt", "--vq", checkpoints / "vq.pt", "--t5", checkpoints / "t5",
            "--heads", str(gpt.heads), "--resolution", str(IMAGE_SIZE), "--norm-groups", str(GROUPS),
            "--cfg", str(GUIDANCE), "--temperature", str(TEMPERATURE), "--top-k", str(TOP_K)], bundle)


def llamagen_smoke(run: Path, ranks: int) -> LlamaGenRecipe:
    """Every step in some minutes; the model is of no use."""
    return LlamaGenRecipe(run, 1.0, 1.2, 0.4, 0.4, ranks, random_scenes=200, named=6)


def smoke(run: Path, ranks: int) -> None:
    """Takes every step, and fails unless the losses fall and the result can be imported and draws."""
    recipe = llamagen_smoke(run, ranks)
    recipe.steps()
    require_falling(run, ("vq.jsonl", "generator.jsonl", "decoder.jsonl", "encoder.jsonl"))
    recipe.import_bundle(run / "emoji-llamagen")
    require_rendering(run / "emoji-llamagen", IMAGE_SIZE)


def caption_tokenizer(seed: int = 3, pieces: int = 900) -> Tokenizer:
    """The text tokenizer, made from captions of random scenes."""
    objects, rng = load_objects(), random.Random(seed)
    sampler, writer = SceneSampler(len(objects), rng), CaptionWriter(objects, rng)
    captions = [writer.write(sampler.sample()) for _ in range(CAPTIONS_FOR_TOKENIZER)]
    return train_tokenizer(captions, pieces, GptSettings().caption_tokens)
