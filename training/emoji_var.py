"""The recipe of ``emoji-var``: latents of scenes, multi-scale quantiser, transformer, export.

The image tokenizer is that of ``emoji-llamagen``, which is made first where it is missing, without its attention.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from . import distributed
from .bundle import import_bundle, require_picture
from .classes import load_classes
from .emoji_llamagen import LlamaGenRecipe, llamagen_smoke
from .image_tokenizer import TRIED, ScenePictures, load_image_tokenizer, make_plain, polish, reconstruction_loss
from .objects import load_objects
from .quality import measure_quality
from .recipe import Steps, require_falling
from .residual import ScaleQuantizer
from .scenes import COLOURS, IMAGE_SIZE, WHITE, SpriteAtlas, centred, to_batch, to_pictures
from .sheet import save_sheet
from .var import VarSettings, draw_scales
from .var_export import export_var, transformer_file, vae_file
from .var_naming import measure_classes
from .var_training import Latents, VarTraining, load_quantizer, load_var, train_quantizer, train_var
from .vq import GROUPS, ImageTokenizer

NETWORK = VarSettings(classes=len(load_classes().names))
GROUNDS = ("white", "light blue", "yellow", "pink")
WHITE_WEIGHT = 6.0
"""White comes so many times as often as another ground."""

CFG, TOP_K, TEMPERATURE = 1.0, 10, 0.5
SHOWN = ("slice of pizza", "red heart", "cat face", "soccer ball", "rainbow", "cup of hot coffee", "rocket", "green apple", "snowman",
         "sun", "guitar", "penguin", "any of animals", "any of plants", "any of food and drink", "any of travel and sky",
         "any of activities and things", "any of characters and symbols")


@dataclass(frozen=True)
class VarRecipe:
    """Minutes for each step, and how many processes of one thread share the work; ``named`` classes are drawn to measure."""

    run: Path
    shared: LlamaGenRecipe
    quantizer_minutes: float = 2
    decoder_minutes: float = 4
    generator_minutes: float = 50
    ranks: int = 2
    named: int | None = None

    def steps(self) -> None:
        """All steps in order."""
        self.shared.image_steps()
        steps = Steps(self.run)
        steps.take("vq.pt", lambda: make_plain(self.shared.run, self.run))
        steps.take("latents.pt", self._encode)
        steps.take("quantizer.pt", self._train_quantizer)
        steps.take("decoder.done", self._teach_decoder)
        steps.take("var.done", self._train_transformer)
        steps.take("figures.json", self._measure)
        export_var(self.run, NETWORK, self.run / "export")
        self.draw_sheet(self.run / "sheet.png")

    def _encode(self) -> None:
        scene_latents(self.run).save(self.run / "latents.pt")

    def _train_quantizer(self) -> None:
        train_quantizer(self.run, Latents.load(self.run / "latents.pt"), NETWORK, self.quantizer_minutes)

    def _teach_decoder(self) -> None:
        distributed.launch(_decoder_rank, self.ranks, self.run, self.decoder_minutes)

    def _train_transformer(self) -> None:
        settings = VarTraining(self.run, self.generator_minutes, NETWORK, ranks=self.ranks)
        train_var(settings, Latents.load(self.run / "latents.pt"), load_classes())

    def _measure(self) -> None:
        images, quantizer = load_image_tokenizer(self.run), load_quantizer(self.run, NETWORK)
        quality = measure_quality(ScenePictures(999), lambda pictures: quantizer.encode(images.latents(pictures))[0],
                                  lambda tokens: images.decode_latents(quantizer.decode(tokens)), NETWORK.codes)
        naming = measure_classes(images, lambda classes: quantizer.decode(self.draw(classes)), self.named)
        (self.run / "figures.json").write_text(json.dumps({**quality, **naming}), encoding="utf-8")

    def draw(self, classes: Tensor, seed: int = 1) -> Tensor:
        """Tokens [B, L] of classes [B]."""
        quantizer = load_quantizer(self.run, NETWORK)
        return draw_scales(load_var(self.run, NETWORK), quantizer, classes, CFG, TOP_K, TEMPERATURE, seed)

    def draw_sheet(self, path: Path, shown: Sequence[str] = SHOWN) -> None:
        """What it draws for some classes."""
        names = load_classes().names
        tokens = self.draw(torch.tensor([names.index(name) for name in shown]))
        with torch.inference_mode():
            latents = load_quantizer(self.run, NETWORK).decode(tokens)
            save_sheet(to_pictures(load_image_tokenizer(self.run).decode_latents(latents)), path)

    def import_bundle(self, bundle: Path) -> None:
        """Makes the bundle of the exported files."""
        files = self.run / "export"
        import_bundle("var", ["--var", files / transformer_file(NETWORK), "--vae", files / vae_file(NETWORK), "--norm-groups",
                              str(GROUPS), "--cfg", str(CFG), "--temperature", str(TEMPERATURE), "--top-k", str(TOP_K)], bundle)


@torch.inference_mode()
def scene_latents(run: Path) -> Latents:
    """Each object, big and centred, on each of the grounds."""
    images, atlas = load_image_tokenizer(run), SpriteAtlas(load_objects())
    scenes = [centred(thing, COLOURS.index(ground)) for thing in range(len(load_objects())) for ground in GROUNDS]
    parts = [images.latents(to_batch([atlas.render(scene) for scene in scenes[start:start + 32]])) for start in range(0, len(scenes), 32)]
    return Latents(torch.tensor([scene.placements[0].object_index for scene in scenes]), torch.cat(parts),
                   torch.tensor([WHITE_WEIGHT if scene.ground == WHITE else 1.0 for scene in scenes]))


@dataclass(frozen=True)
class _DecoderLesson:
    """Drawing what the quantiser leaves of the latents."""

    quantizer: ScaleQuantizer
    log = "decoder.jsonl"
    rate = 2e-4

    def parts(self, model: ImageTokenizer) -> tuple[nn.Module, ...]:
        return model.decoder, model.post_quant_conv

    def loss(self, model: ImageTokenizer, pictures: Tensor) -> Tensor:
        latents = self.quantizer.decode(self.quantizer.encode(model.latents(pictures))[0])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return reconstruction_loss(pictures, model.decode_latents(latents))


def _decoder_rank(rank: int, run: Path, minutes: float) -> None:
    """Trains the image decoder on random scenes."""
    model = load_image_tokenizer(run).to(memory_format=torch.channels_last)
    lesson = _DecoderLesson(load_quantizer(run, NETWORK))
    polish(rank, run, model, lesson, ScenePictures(7000 + rank), [ScenePictures(8000).take(TRIED)], minutes, synchronise_every=1)


def smoke(run: Path, shared: Path, ranks: int) -> None:
    """Takes every step, and fails unless the losses fall and the result can be imported and draws."""
    recipe = VarRecipe(run, llamagen_smoke(shared, ranks), 0.3, 0.4, 0.9, ranks, named=6)
    recipe.steps()
    require_falling(run, ("quantizer.jsonl", "decoder.jsonl", "var.jsonl"))
    recipe.import_bundle(run / "emoji-var")
    require_picture(run / "emoji-var", (IMAGE_SIZE, IMAGE_SIZE), "--class", "0")
