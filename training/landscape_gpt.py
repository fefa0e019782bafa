"""The recipe of ``landscape-gpt``: image tokenizer, wide grids, transformer, decoder, encoder, export."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import torch

from .bundle import import_bundle, require_picture
from .image_tokenizer import (
    ImageTokenizerTraining,
    PictureSource,
    load_image_tokenizer,
    sharpen_decoder,
    teach_encoder,
    train_image_tokenizer,
)
from .landscape_pictures import NETWORK, LandscapePictures, encode_landscapes
from .landscapes import HEIGHT, KINDS, ROWS
from .quality import measure_quality
from .recipe import Steps, require_falling
from .scenes import to_pictures
from .sheet import save_sheet
from .taming_export import CHECKPOINT, PROJECT, export_taming
from .window_gpt import WindowSettings, draw_windows
from .window_training import WideGrids, WindowTraining, load_windows, train_windows

WINDOW = WindowSettings()
WIDE = 48
"""Columns of the landscapes that windows are cut out of."""

TOP_K, TEMPERATURE = 30, 0.85


@dataclass(frozen=True)
class LandscapeRecipe:
    """Minutes for each step, and how many processes of one thread share the work."""

    run: Path
    tokenizer_minutes: float = 25
    generator_minutes: float = 35
    decoder_minutes: float = 3
    encoder_minutes: float = 3
    ranks: int = 2
    landscapes: int = 3000

    def steps(self) -> None:
        """All steps in order."""
        steps = Steps(self.run)
        steps.take("vq.pt", self._train_image_tokenizer)
        steps.take("wide.pt", self._encode)
        steps.take("gpt.done", self._train_transformer)
        steps.take("decoder.done", self._sharpen_decoder)
        steps.take("encoder.done", self._teach_encoder)
        steps.take("figures.json", self._measure)
        export_taming(self.run, NETWORK, WINDOW, len(KINDS), self.run / "export")
        self.draw_sheet(self.run / "sheet.png")

    def _train_image_tokenizer(self) -> None:
        train_image_tokenizer(ImageTokenizerTraining(self.run, self.tokenizer_minutes, ranks=self.ranks, detail=4, network=NETWORK,
                                                     source=LandscapePictures))

    def _encode(self) -> None:
        kinds, grids = encode_landscapes(load_image_tokenizer(self.run, NETWORK), self.landscapes, WIDE, seed=11)
        WideGrids(kinds, grids).save(self.run / "wide.pt")

    def _train_transformer(self) -> None:
        train_windows(WindowTraining(self.run, self.generator_minutes, WINDOW, ranks=self.ranks), WideGrids.load(self.run / "wide.pt"))

    def _sharpen_decoder(self) -> None:
        sharpen_decoder(self.run, _wider(), self.decoder_minutes, self.ranks, network=NETWORK)

    def _teach_encoder(self) -> None:
        teach_encoder(self.run, _wider(), self.encoder_minutes, self.ranks, network=NETWORK)

    def _measure(self) -> None:
        images = load_image_tokenizer(self.run, NETWORK)
        source = LandscapePictures(999, columns=32)
        figures = measure_quality(source, images.encode, lambda tokens: images.decode(tokens, ROWS), NETWORK.codebook_size)
        with torch.inference_mode():
            pictures = source.take(32)
            agreement = (images.quantized(images.imitated_latents(pictures)) == images.encode(pictures)).float().mean().item()
        (self.run / "figures.json").write_text(json.dumps({**figures, "encoder_agreement": agreement}), encoding="utf-8")

    def draw_sheet(self, path: Path, columns: int = WIDE) -> None:
        """One panorama of each kind."""
        tokens = draw_windows(load_windows(self.run, WINDOW), torch.arange(len(KINDS)), ROWS, columns, TOP_K, TEMPERATURE, seed=1)
        with torch.inference_mode():
            pictures = load_image_tokenizer(self.run, NETWORK).decode(tokens.flatten(1), ROWS)
        save_sheet(to_pictures(pictures), path, columns=1)

    def import_bundle(self, bundle: Path) -> None:
        """Makes the bundle of the exported checkpoint."""
        checkpoints = self.run / "export"
        import_bundle("taming", [
            "--checkpoint", checkpoints / CHECKPOINT, "--config", checkpoints / PROJECT, "--norm-groups", str(NETWORK.groups),
            "--cfg", "1", "--top-k", str(TOP_K), "--temperature", str(TEMPERATURE)], bundle)


def _wider() -> Callable[[int], PictureSource]:
    """Pictures of a window's width: a normalisation goes over the whole picture."""
    return partial(LandscapePictures, columns=WINDOW.side)


def smoke(run: Path, ranks: int) -> None:
    """Takes every step, and fails unless the losses fall and the result can be imported and draws."""
    recipe = LandscapeRecipe(run, 0.8, 1.0, 0.4, 0.4, ranks, landscapes=100)
    recipe.steps()
    require_falling(run, ("vq.jsonl", "gpt.jsonl", "decoder.jsonl", "encoder.jsonl"))
    recipe.import_bundle(run / "landscape-gpt")
    require_picture(run / "landscape-gpt", (2 * HEIGHT, HEIGHT), "--class", "1", "--size", f"{2 * HEIGHT}x{HEIGHT}")
