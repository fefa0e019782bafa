"""Contact sheets: what a run draws for a list of prompts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .generator import load_generator
from .image_tokenizer import ScenePictures, load_image_tokenizer
from .scenes import to_pictures

PROMPTS = (
    "a slice of pizza",
    "a red heart",
    "a cat face on a blue background",
    "a soccer ball",
    "a rainbow",
    "a cup of hot coffee",
    "a rocket",
    "a green apple",
    "a snowman",
    "the sun",
    "a guitar",
    "two cats on a pink background",
)
GUIDANCE, TOP_K, TEMPERATURE = 1.25, 60, 0.2


@torch.inference_mode()
def draw_sheet(run: Path, path: Path, prompts: Sequence[str] = PROMPTS, guidance: float = GUIDANCE, top_k: int = TOP_K,
               temperature: float = TEMPERATURE, seed: int = 1) -> None:
    """One picture per prompt."""
    generator, _ = load_generator(run)
    tokens = generator.generate(list(prompts), seed, guidance, top_k, temperature)
    save_sheet(to_pictures(load_image_tokenizer(run).decode(tokens)), path)


@torch.inference_mode()
def draw_reconstructions(run: Path, path: Path, count: int = 24, seed: int = 999) -> None:
    """Newly drawn scenes, each beside what the image tokenizer makes of it."""
    tokenizer, scenes = load_image_tokenizer(run), ScenePictures(seed).take(count)
    drawn = tokenizer.decode(tokenizer.encode(scenes))
    save_sheet(np.concatenate([to_pictures(scenes), to_pictures(drawn)], axis=2), path)


def save_sheet(pictures: np.ndarray, path: Path, columns: int = 6, scale: int = 2) -> None:
    """Writes pictures [N, H, W, 3] in rows of ``columns``, enlarged."""
    height, width = (side * scale for side in pictures.shape[1:3])
    sheet = Image.new("RGB", (columns * width, -(-len(pictures) // columns) * height), "white")
    for i, picture in enumerate(pictures):
        enlarged = Image.fromarray(picture).resize((width, height), Image.Resampling.NEAREST)
        sheet.paste(enlarged, (i % columns * width, i // columns * height))
    sheet.save(path)
