"""How many classes a next-scale model draws so that they can be told, judged by its latents; no second network judges."""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from .naming import judge
from .objects import load_objects
from .pool import encode_scenes
from .scenes import WHITE, SpriteAtlas, centred
from .vq import ImageTokenizer


@torch.inference_mode()
def measure_classes(images: ImageTokenizer, draw: Callable[[Tensor], Tensor], most: int | None = None) -> dict[str, float]:
    """One latent picture for each object's class, or for ``most``, beside the true pictures of all objects on white.

    ``draw`` makes latent pictures [N, Z, P, P] of classes [N]. They are turned into tokens of the image tokenizer, and these
    are judged as those of the other models (``naming``). A ground of another colour than white counts for nothing.
    """
    objects = load_objects()
    truth = encode_scenes(images, SpriteAtlas(objects), [centred(thing, WHITE) for thing in range(len(objects))])
    drawn = images.quantized(F.normalize(draw(torch.arange(len(objects))[:most]), dim=1))
    named, right = judge(drawn, truth)
    return {"named": named.float().mean().item(), "drawn": right.float().mean().item()}
