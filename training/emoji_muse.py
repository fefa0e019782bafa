"""The recipe of ``emoji-muse``: the image tokenizer made plain, base and super-resolution transformer, export.

Image tokenizer, token pool and text encoder are those of ``emoji-llamagen``, which are made first where they are missing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from .bundle import import_bundle, require_rendering
from .emoji_llamagen import LlamaGenRecipe, llamagen_smoke
from .grids import SCALE, GridPairs, PoolGrids, build_pairs
from .image_tokenizer import (
    PictureSource,
    PoolPictures,
    load_image_tokenizer,
    make_plain,
    measure,
    sharpen_decoder,
    teach_encoder,
)
from .masking import Masking
from .muse import MuseSettings
from .muse_drawing import draw_grids
from .muse_export import export_muse
from .muse_training import MuseTraining, load_muse, load_text, train_muse
from .naming import measure_naming
from .pool import TokenPool
from .recipe import Steps, require_falling
from .scenes import IMAGE_SIZE, STRIDE, to_pictures
from .sheet import PROMPTS, save_sheet
from .unmasking import Unmasking

SIDE = IMAGE_SIZE // STRIDE
BASE = MuseSettings(side=SIDE, layers=5, heads=3, width=192, hidden=640)
FINE = MuseSettings(side=SCALE * SIDE, layers=4, heads=2, width=128, hidden=320, low_side=SIDE, low_layers=1)
DRAWING = Unmasking(steps=12, guidance=1.5, temperature=0.5, top_k=2)
UPSCALING = Unmasking(steps=8, guidance=1.0, temperature=0.5, top_k=60)


@dataclass(frozen=True)
class MuseRecipe:
    """Minutes for each step, and how many processes of one thread share the work; ``named`` objects are drawn to measure.

    ``shared`` makes what is shared, in its own folder.
    """

    run: Path
    shared: LlamaGenRecipe
    decoder_minutes: float = 15
    encoder_minutes: float = 8
    base_minutes: float = 60
    superres_minutes: float = 60
    ranks: int = 2
    pairs: int = 8000
    named: int | None = None

    def steps(self) -> None:
        """All steps in order."""
        self.shared.shared_steps()
        steps = Steps(self.run)
        steps.take("vq.pt", lambda: make_plain(self.shared.run, self.run))
        steps.take("decoder.done", self._sharpen_decoder)
        steps.take("encoder.done", self._teach_encoder)
        steps.take("base.done", self._train_base)
        steps.take("pairs.pt", self._encode_pairs)
        steps.take("superres.done", self._train_superres)
        steps.take("figures.json", self._measure)
        export_muse(self.run, self.shared.run, BASE, FINE, UPSCALING, self.run / "export")
        self.draw_sheet(self.run / "sheet.png")

    def _pool(self) -> TokenPool:
        return TokenPool.load(self.shared.run / "pool.pt")

    def _pictures(self) -> Callable[[int], PictureSource]:
        return partial(PoolPictures, self._pool())

    def _sharpen_decoder(self) -> None:
        sharpen_decoder(self.run, self._pictures(), self.decoder_minutes, self.ranks, scales=(1, SCALE, SCALE))

    def _teach_encoder(self) -> None:
        teach_encoder(self.run, self._pictures(), self.encoder_minutes, self.ranks)

    def _train_base(self) -> None:
        settings = MuseTraining(self.run, "base", self.base_minutes, BASE, ranks=self.ranks)
        train_muse(settings, PoolGrids(self._pool()), load_text(self.shared.run, BASE.text_tokens))

    def _encode_pairs(self) -> None:
        build_pairs(load_image_tokenizer(self.run), self._pool(), self.pairs).save(self.run / "pairs.pt")

    def _train_superres(self) -> None:
        settings = MuseTraining(self.run, "superres", self.superres_minutes, FINE, Masking(empty_share=0.25, misled_share=0.2),
                                batch=16, thin_cells=256, thin_share=0.8, ranks=self.ranks)
        train_muse(settings, GridPairs.load(self.run / "pairs.pt"), load_text(self.shared.run, FINE.text_tokens))

    def _measure(self) -> None:
        figures = measure_naming(load_image_tokenizer(self.run), lambda prompts: self.draw(prompts)[0], self.named)
        sizes = {f"pixels_{scale * IMAGE_SIZE}": measure(self.run, scale=scale) for scale in (1, SCALE)}
        (self.run / "figures.json").write_text(json.dumps({**sizes, **figures}), encoding="utf-8")

    def draw(self, prompts: Sequence[str], seed: int = 1, drawing: Unmasking = DRAWING) -> tuple[Tensor, Tensor]:
        """Base grids [B, S] and fine grids [B, 4 S] of prompts."""
        text = load_text(self.shared.run, BASE.text_tokens)
        low = draw_grids(load_muse(self.run / "base.pt", BASE), text, prompts, drawing, seed)
        return low, draw_grids(load_muse(self.run / "superres.pt", FINE), text, prompts, UPSCALING, seed, low)

    @torch.inference_mode()
    def draw_sheet(self, path: Path) -> None:
        """What it draws for the prompts of all sheets."""
        save_sheet(to_pictures(load_image_tokenizer(self.run).decode(self.draw(PROMPTS)[1])), path)

    def import_bundle(self, bundle: Path) -> None:
        """Makes the bundle of the exported checkpoint."""
        import_bundle("muse", ["--dir", self.run / "export", "--steps", str(DRAWING.steps), "--cfg", str(DRAWING.guidance),
                               "--temperature", str(DRAWING.temperature), "--top-k", str(DRAWING.top_k)], bundle)


def smoke(run: Path, shared: Path, ranks: int) -> None:
    """Takes every step, and fails unless the losses fall and the result can be imported and draws."""
    recipe = MuseRecipe(run, llamagen_smoke(shared, ranks), 0.5, 0.4, 0.7, 0.9, ranks, pairs=2000, named=6)
    recipe.steps()
    require_falling(run, ("decoder.jsonl", "encoder.jsonl", "base.jsonl", "superres.jsonl"))
    recipe.import_bundle(run / "emoji-muse")
    require_rendering(run / "emoji-muse", SCALE * IMAGE_SIZE)
