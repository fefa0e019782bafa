"""``python -m training.evaluate``: how often a model draws the object and the ground that the prompt names."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor

from .classifier import ClassifierTraining, SceneClassifier, load_classifier, train_classifier
from .emoji_llamagen import LlamaGenRecipe
from .emoji_muse import DRAWING, MuseRecipe
from .generator import load_generator
from .image_tokenizer import load_image_tokenizer
from .objects import load_objects, with_article
from .scenes import COLOURS, IMAGE_SIZE, WHITE, SpriteAtlas, centred, to_batch
from .sheet import GUIDANCE, TEMPERATURE, TOP_K


@dataclass(frozen=True)
class Request:
    """A prompt with what it names."""

    prompt: str
    thing: int
    ground: int


def requests(count: int, seed: int = 2026) -> list[Request]:
    """Different objects and grounds in a random order; half of the grounds are white, which the prompt does not name."""
    objects, rng = load_objects(), random.Random(seed)
    things = [thing for _ in range(-(-count // len(objects))) for thing in rng.sample(range(len(objects)), len(objects))]
    return [_request(with_article(objects[thing].names[0]), thing, rng) for thing in things[:count]]


def _request(subject: str, thing: int, rng: random.Random) -> Request:
    ground = WHITE if rng.random() < 0.5 else rng.choice([i for i in range(len(COLOURS)) if i != WHITE])
    if ground == WHITE:
        return Request(subject, thing, ground)
    return Request(f"{subject} on {with_article(COLOURS[ground])} background", thing, ground)


@torch.inference_mode()
def accuracy(classifier: SceneClassifier, pictures: Tensor, asked: list[Request]) -> dict[str, float]:
    """Shares of the pictures [B, 3, H, W] whose object is the likeliest or among five, and whose ground is right."""
    things, grounds = classifier(F.adaptive_avg_pool2d(pictures.float().clamp(-1, 1), IMAGE_SIZE))
    thing = torch.tensor([request.thing for request in asked])
    likely = things.topk(5, dim=1).indices == thing[:, None]
    ground = grounds.argmax(dim=1) == torch.tensor([request.ground for request in asked])
    return {"object": likely[:, 0].float().mean().item(), "object of five": likely.any(dim=1).float().mean().item(),
            "ground": ground.float().mean().item()}


def true_pictures(asked: list[Request]) -> Tensor:
    """What should be drawn: the classifier's own limit."""
    atlas = SpriteAtlas(load_objects())
    return to_batch([atlas.render(centred(request.thing, request.ground)) for request in asked])


@torch.inference_mode()
def drawn_by_llamagen(run: Path, prompts: list[str], guidance: float) -> Tensor:
    model, _ = load_generator(run)
    return load_image_tokenizer(run).decode(model.generate(prompts, 1, guidance, TOP_K, TEMPERATURE))


@torch.inference_mode()
def drawn_by_muse(run: Path, shared: Path, prompts: list[str], guidance: float) -> Tensor:
    recipe = MuseRecipe(run, LlamaGenRecipe(shared))
    grids = recipe.draw(prompts, drawing=replace(DRAWING, guidance=guidance))[1]
    images = load_image_tokenizer(run)
    return torch.cat([F.adaptive_avg_pool2d(images.decode(part).clamp(-1, 1), IMAGE_SIZE) for part in grids.split(16)])


def report(classifier: SceneClassifier, arguments: argparse.Namespace) -> Iterator[dict[str, object]]:
    """One line for each model and guidance, the true pictures first."""
    asked = requests(arguments.prompts)
    yield {"model": "true pictures", **accuracy(classifier, true_pictures(asked), asked)}
    models: dict[str, Callable[[list[str], float], Tensor]] = {}
    if arguments.llamagen is not None:
        models["emoji-llamagen"] = lambda prompts, guidance: drawn_by_llamagen(arguments.llamagen, prompts, guidance)
    if arguments.muse is not None:
        models["emoji-muse"] = lambda prompts, guidance: drawn_by_muse(arguments.muse, arguments.llamagen, prompts, guidance)
    for model, draw in models.items():
        for guidance in arguments.guidance:
            parts = [asked[start:start + 40] for start in range(0, len(asked), 40)]
            pictures = torch.cat([draw([request.prompt for request in part], guidance) for part in parts])
            yield {"model": model, "guidance": guidance, **accuracy(classifier, pictures, asked)}


def main() -> None:
    """Trains the classifier where there is none, and prints a line of JSON for each model and guidance."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("target/evaluate"), help="folder of the classifier")
    parser.add_argument("--classifier-minutes", type=float, default=ClassifierTraining.minutes)
    parser.add_argument("--llamagen", type=Path, help="folder of a run of emoji-llamagen; emoji-muse needs it too")
    parser.add_argument("--muse", type=Path, help="folder of a run of emoji-muse")
    parser.add_argument("--prompts", type=int, default=200)
    parser.add_argument("--guidance", type=float, nargs="+", default=[GUIDANCE, 2.0])
    arguments = parser.parse_args()
    if not (arguments.out / "classifier.pt").exists():
        train_classifier(ClassifierTraining(arguments.out, arguments.classifier_minutes))
    for line in report(load_classifier(arguments.out), arguments):
        print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
