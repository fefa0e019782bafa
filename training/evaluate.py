"""``python -m training.evaluate``: how often a model draws the object and the ground that the prompt names.

A classifier that saw true scenes alone is the judge. Half of what is measured are combinations that no training showed: each object
in one of the sceneries.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .captions import ground_phrase
from .classifier import ClassifierTraining, load_classifier, train_classifier
from .emoji_muse import BASE, DRAWING
from .generator import Generator, load_generator
from .image_tokenizer import load_image_tokenizer
from .judging import Judge, Request, diversity
from .muse_drawing import draw_grids
from .muse_training import load_muse, load_text
from .objects import DrawableObject, load_objects, with_article
from .pool import encode_scenes
from .scenes import COLOURS, IMAGE_SIZE, WHITE, Scene, SpriteAtlas, centred, held_out_scenery, shown_sceneries, to_batch
from .sheet import GUIDANCE, TEMPERATURE, TOP_K
from .shipped import Gateway, ShippedArtist

Artist = Callable[[Sequence[str], float, int], Tensor]
"""Makes pictures [N, 3, H, W] of prompts, with a guidance scale and a seed."""


def held_out(count: int, seed: int = 2026) -> list[Request]:
    """Each object in the scenery where no training shows it, under another of its names each time."""
    objects = load_objects()
    return [_request(objects, thing, held_out_scenery(thing), turn, random.Random(f"{seed} {i}"))
            for i, (thing, turn) in enumerate(_turns(len(objects), count, seed))]


def shown(count: int, seed: int = 2027) -> list[Request]:
    """Each object on a ground where training showed it: a third on white, which the prompt does not name, on colours, in sceneries."""
    objects, requests = load_objects(), []
    for i, (thing, turn) in enumerate(_turns(len(objects), count, seed)):
        rng = random.Random(f"{seed} {i}")
        grounds = ([WHITE], [ground for ground in range(len(COLOURS)) if ground != WHITE], shown_sceneries(thing))
        requests.append(_request(objects, thing, rng.choice(rng.choice(grounds)), turn, rng))
    return requests


def _turns(objects: int, count: int, seed: int) -> list[tuple[int, int]]:
    """All objects in a random order, and again in another until there are enough; with the number of the turn."""
    rng = random.Random(seed)
    return [(thing, turn) for turn in range(-(-count // objects)) for thing in rng.sample(range(objects), objects)][:count]


def _request(objects: Sequence[DrawableObject], thing: int, ground: int, turn: int, rng: random.Random) -> Request:
    names = objects[thing].names
    subject = with_article(names[turn % len(names)])
    prompt = subject if ground == WHITE else subject + ground_phrase(ground, rng)
    return Request(prompt, centred(thing, ground))


def true_pictures(asked: Sequence[Request]) -> Tensor:
    """What should be drawn: the classifier's own limit."""
    atlas = SpriteAtlas(load_objects())
    return to_batch([atlas.render(request.scene) for request in asked])


class LlamaGenArtist:
    """A run of ``emoji-llamagen``."""

    def __init__(self, run: Path, top_k: int = TOP_K, temperature: float = TEMPERATURE) -> None:
        self._model: Generator = load_generator(run)[0]
        self._images = load_image_tokenizer(run)
        self._top_k, self._temperature = top_k, temperature

    @torch.inference_mode()
    def __call__(self, prompts: Sequence[str], guidance: float, seed: int) -> Tensor:
        return self._images.decode(self._model.generate(list(prompts), seed, guidance, self._top_k, self._temperature))


class MuseArtist:
    """A run of ``emoji-muse``: its base pictures, which decide what is drawn; super-resolution would take eight times as long."""

    def __init__(self, run: Path, shared: Path) -> None:
        self._model, self._text = load_muse(run / "base.pt", BASE), load_text(shared, BASE.text_tokens)
        self._images = load_image_tokenizer(run)

    @torch.inference_mode()
    def __call__(self, prompts: Sequence[str], guidance: float, seed: int) -> Tensor:
        return self._images.decode(draw_grids(self._model, self._text, prompts, replace(DRAWING, guidance=guidance), seed))


def drawn_in_masks(run: Path, shared: Path, asked: Sequence[Request]) -> Tensor:
    """Pictures in which another object's place was opened and filled by the prompt; the cells around it are kept."""
    images, text = load_image_tokenizer(run), load_text(shared, BASE.text_tokens)
    others = [_with_another(request.scene) for request in asked]
    grids = encode_scenes(images, SpriteAtlas(load_objects()), others).view(-1, BASE.side, BASE.side)
    grids[:, 1:-1, 1:-1] = BASE.mask
    filled = draw_grids(load_muse(run / "base.pt", BASE), text, [request.prompt for request in asked], DRAWING, 1, grids=grids.flatten(1))
    with torch.inference_mode():
        return images.decode(filled)


def drawn_in_shipped_masks(artist: ShippedArtist, asked: Sequence[Request]) -> Tensor:
    """The same by a model that ships, which encodes the picture itself and keeps the pixels around."""
    atlas, scale = SpriteAtlas(load_objects()), artist.side // IMAGE_SIZE
    return _in_parts(lambda some: artist.into_masks([request.prompt for request in some],
                                                    [atlas.render(_with_another(request.scene), scale) for request in some], 1), asked)


def _with_another(scene: Scene) -> Scene:
    """The same ground with the object that stands half of the table further."""
    objects = len(load_objects())
    return centred((scene.placements[0].object_index + objects // 2) % objects, scene.ground)


class Report:
    """Lines of figures."""

    def __init__(self, judge: Judge, prompts: int) -> None:
        self._judge = judge
        self._asked = {"held out": held_out(prompts), "shown": shown(prompts)}

    def limits(self) -> Iterator[dict[str, object]]:
        """What the true pictures get."""
        for part, asked in self._asked.items():
            yield {"pictures": "true", "prompts": part, **self._judge.accuracy(true_pictures(asked), asked)}

    def model(self, name: str, draw: Artist, scales: Sequence[float], default: float) -> Iterator[dict[str, object]]:
        """Held-out prompts by each scale, and the shown ones by the default."""
        for part, guidance in [*(("held out", scale) for scale in scales), ("shown", default)]:
            asked = self._asked[part]
            pictures = _in_parts(lambda prompts: draw(prompts, guidance, 1), [request.prompt for request in asked])
            yield {"pictures": name, "prompts": part, "guidance": guidance, **self._judge.accuracy(pictures, asked),
                   "distance": round(self._judge.distance(pictures, true_pictures(asked)), 3)}
        some = [request.prompt for request in self._asked["held out"][:16]]
        seeds = torch.stack([draw(some, default, seed) for seed in (1, 2, 3, 4)], dim=1)
        yield {"pictures": name, "guidance": default, "difference of seeds": round(diversity(seeds), 3)}

    def edits(self, name: str, draw: Callable[[Sequence[Request]], Tensor]) -> dict[str, object]:
        """The object and ground of what was drawn into masks."""
        asked = self._asked["held out"]
        return {"pictures": name, "prompts": "held out, in a mask", **self._judge.accuracy(draw(asked), asked)}


def _in_parts(draw: Callable[[Sequence[Any]], Tensor], asked: Sequence[Any], size: int = 40) -> Tensor:
    return torch.cat([draw(asked[start:start + size]) for start in range(0, len(asked), size)])


def _lines(report: Report, arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    yield from report.limits()
    if arguments.muse is not None:
        yield from report.model("emoji-muse", MuseArtist(arguments.muse, arguments.shared), arguments.guidance, DRAWING.guidance)
        yield report.edits("emoji-muse", lambda asked: drawn_in_masks(arguments.muse, arguments.shared, asked))
    if arguments.llamagen is not None:
        artist = LlamaGenArtist(arguments.llamagen, arguments.top_k, arguments.temperature)
        yield from report.model("emoji-llamagen", artist, arguments.guidance, GUIDANCE)
    for name in arguments.shipped:
        shipped = ShippedArtist(Gateway.of_the_local_stack(), name)
        yield from report.model(f"{name}, shipped", shipped, arguments.guidance, shipped.guidance)
        yield report.edits(f"{name}, shipped", partial(drawn_in_shipped_masks, shipped))


def main() -> None:
    """Trains the classifier where there is none, and prints a line of JSON for each measurement."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("target/evaluate"), help="folder of the classifier")
    parser.add_argument("--classifier-minutes", type=float, default=ClassifierTraining.minutes)
    parser.add_argument("--llamagen", type=Path, help="folder of a run of emoji-llamagen")
    parser.add_argument("--muse", type=Path, help="folder of a run of emoji-muse")
    parser.add_argument("--shared", type=Path, help="the run of emoji-llamagen that emoji-muse was made from; that of --llamagen if missing")
    parser.add_argument("--shipped", nargs="+", default=[], metavar="MODEL", help="text models of the local stack, which must be up")
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--guidance", type=float, nargs="+", default=[1.0, 1.5, 2.0, 3.0])
    parser.add_argument("--top-k", type=int, default=TOP_K, help="of emoji-llamagen")
    parser.add_argument("--temperature", type=float, default=TEMPERATURE, help="of emoji-llamagen")
    arguments = parser.parse_args()
    arguments.shared = arguments.shared or arguments.llamagen
    if not (arguments.out / "classifier.pt").exists():
        train_classifier(ClassifierTraining(arguments.out, arguments.classifier_minutes))
    for line in _lines(Report(Judge(load_classifier(arguments.out)), arguments.prompts), arguments):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
