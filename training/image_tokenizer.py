"""Trains the image tokenizer: an autoencoder first, then a codebook made from its latents, then both together."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import torch
import torch.distributed as dist
import torch.nn.functional as F
from torch import Tensor, nn

from . import distributed
from .averaging import WeightAverage
from .log import Log
from .objects import load_objects
from .pool import TokenPool
from .progress import write_whole
from .scenes import SceneSampler, SpriteAtlas, to_batch
from .vq import ImageTokenizer, Quantizer, VqSettings

SETTINGS = VqSettings(multipliers=(1, 2, 2), z_channels=64)
"""f4 with 1.4 million parameters: small enough for a bundle that ships with the source."""

SYNCHRONISE_EVERY = 10
TRIED = 16
"""Pictures by which a network is tried before and after."""


@dataclass(frozen=True)
class ImageTokenizerTraining:
    """Minutes of the whole run, of which the first share trains without a codebook; ``batch`` is one rank's.

    ``detail``: how many times more than plain ground a patch with something in it counts (see ``detail_weights``).
    """

    run: Path
    minutes: float
    plain_share: float = 0.13
    batch: int = 4
    ranks: int = 2
    rate: float = 1e-3
    commitment: float = 0.25
    seed: int = 1
    detail: float = 1.0
    network: VqSettings = SETTINGS
    source: Callable[[int], PictureSource] = field(default_factory=lambda: ScenePictures)


class PictureSource(Protocol):
    """An endless source of pictures [B, 3, H, W] in −1…1."""

    def take(self, count: int, scale: int = 1) -> Tensor:
        """The next ``count`` pictures, as many times larger as ``scale`` says."""
        ...


class ScenePictures:
    """An endless source of pictures [B, 3, 64, 64] in −1…1."""

    def __init__(self, seed: int) -> None:
        objects = load_objects()
        self._atlas = SpriteAtlas(objects)
        self._sampler = SceneSampler(len(objects), random.Random(seed))

    def take(self, count: int, scale: int = 1) -> Tensor:
        """The next ``count`` pictures, as many times larger as ``scale`` says."""
        return to_batch([self._atlas.render(self._sampler.sample(), scale) for _ in range(count)])


class PoolPictures:
    """The scenes of a pool, in a random order."""

    def __init__(self, pool: TokenPool, seed: int) -> None:
        self._scenes, self._rng, self._atlas = pool.scenes, random.Random(seed), SpriteAtlas(load_objects())

    def take(self, count: int, scale: int = 1) -> Tensor:
        """The next ``count`` pictures, as many times larger as ``scale`` says."""
        return to_batch([self._atlas.render(scene, scale) for scene in self._rng.choices(self._scenes, k=count)])


def reconstruction_loss(pictures: Tensor, drawn: Tensor, detail: float = 1.0) -> Tensor:
    """L1 + 0.5 L2, 0.5 L1 of the differences between neighbours for sharp edges, 0.5 L1 of 4×4 means for true areas."""
    error = in_opponent_colours(drawn.float() - pictures)
    if detail != 1:
        error = error * detail_weights(pictures, detail)
    across, down = error.diff(dim=3).abs().mean(), error.diff(dim=2).abs().mean()
    areas = F.avg_pool2d(error, 4).abs().mean()
    return error.abs().mean() + 0.5 * error.square().mean() + 0.5 * (across + down) + 0.5 * areas


def detail_weights(pictures: Tensor, detail: float, patch: int = 8, faint: float = 0.12) -> Tensor:
    """[B, 1, H, W]: ``detail`` for patches in which some colour varies by more than ``faint``, 1 for plain ones.

    Without it a thing whose colour is near that of the ground, such as a camel in the desert, is left out.
    """
    most, least = F.max_pool2d(pictures, patch), -F.max_pool2d(-pictures, patch)
    busy = ((most - least).amax(dim=1, keepdim=True) > faint).to(pictures.dtype)
    return F.interpolate(1 + (detail - 1) * busy, scale_factor=float(patch))


def in_opponent_colours(error: Tensor) -> Tensor:
    """RGB errors [B, 3, H, W] as lightness, red–green and yellow–blue; colour counts twice, or it is learnt last."""
    red, green, blue = error.unbind(1)
    lightness = (red + green + blue) / 3**0.5
    return torch.stack([lightness, (red - green) * 2**0.5, (red + green - 2 * blue) * 2 / 6**0.5], dim=1)


@torch.no_grad()
def spherical_k_means(vectors: Tensor, size: int, rounds: int = 12) -> Tensor:
    """``size`` unit centres [size, width] of unit vectors [N, width]; near-duplicates (plain ground) count once."""
    unique = torch.unique((vectors * 64).round(), dim=0) / 64
    pool = F.normalize(unique[torch.randperm(len(unique))[:30_000]], dim=-1)
    centres = pool[torch.randint(len(pool), (size,))].clone()
    for _ in range(rounds):
        nearest = (pool @ centres.T).argmax(dim=-1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, pool)
        empty = torch.bincount(nearest, minlength=size) == 0
        sums[empty] = pool[torch.randint(len(pool), (int(empty.sum()),))]
        centres = F.normalize(sums, dim=-1)
    return centres


class MovingCodebook:
    """Codebook rows follow the mean of the latents that choose them; rows that nobody chooses are put elsewhere."""

    def __init__(self, quantizer: Quantizer, decay: float = 0.99) -> None:
        self._rows = quantizer.embedding.weight
        self._decay = decay
        self._sums = self._rows.detach().clone()
        self._counts = torch.ones(len(self._rows))

    @torch.no_grad()
    def update(self, rows: Tensor, ids: Tensor) -> None:
        """Takes in every rank's latents [N, width] and the ids [N] they have chosen."""
        counts = torch.bincount(ids, minlength=len(self._rows)).float()
        sums = torch.zeros_like(self._sums).index_add_(0, ids, rows)
        packed = torch.cat([sums, counts[:, None]], dim=1)
        dist.all_reduce(packed)
        self._sums.lerp_(packed[:, :-1], 1 - self._decay)
        self._counts.lerp_(packed[:, -1], 1 - self._decay)
        self._rows.copy_(F.normalize(self._sums, dim=-1))

    @torch.no_grad()
    def revive(self, rows: Tensor, ids: Tensor, threshold: float = 0.03) -> None:
        """Moves codes that nobody uses to latents of rank 0 that are badly served."""
        dead = (self._counts < threshold).nonzero().flatten()[: len(rows) // 8]
        if len(dead) == 0:
            return
        misfit = 1 - (rows * self._rows[ids]).sum(dim=-1)
        fresh = rows[torch.multinomial(misfit.clamp_min(1e-6), len(dead))].contiguous()
        dist.broadcast(fresh, 0)
        self._sums[dead], self._rows[dead], self._counts[dead] = fresh, fresh, 1.0


def train_image_tokenizer(settings: ImageTokenizerTraining) -> None:
    """Writes ``vq.pt`` (averaged weights) and ``vq.jsonl`` (the losses) into the run's folder."""
    distributed.launch(_train_rank, settings.ranks, settings)


def _train_rank(rank: int, settings: ImageTokenizerTraining) -> None:
    torch.manual_seed(settings.seed)
    model = ImageTokenizer(settings.network).to(memory_format=torch.channels_last)
    torch.manual_seed(100 + rank)
    source = settings.source(settings.seed * 1000 + rank)
    parameters = _trained(model, model.patch_encoder, model.decoder, model.post_quant_conv)
    optimizer = torch.optim.AdamW(parameters, settings.rate, betas=(0.9, 0.99), weight_decay=1e-4)
    average = WeightAverage(model, 0.998)
    log = Log(settings.run / "vq.jsonl", rank, every=20)
    clock = distributed.SharedClock(60 * settings.minutes)
    codebook: MovingCodebook | None = None
    step, done = 0, 0.0
    while done < 1:
        if codebook is None and done > settings.plain_share:
            _make_codebook(model, source)
            codebook = MovingCodebook(model.quantize)
        set_rate(optimizer, settings.rate * min(1, (step + 1) / 100) * cosine(done))
        drawing_loss, loss, rows, ids = _losses(model, source.take(settings.batch), codebook, settings)
        distributed.descend(loss, parameters, [optimizer], longest=1.0)
        if codebook is not None:
            codebook.update(rows, ids)
            if step % 100 == 0 and done < 0.8:
                codebook.revive(rows, ids)
        average.update(model)
        step += 1
        log.add(step, float(drawing_loss.detach()), codes=len(ids.unique()))
        if step % SYNCHRONISE_EVERY == 0:
            done = clock.done()
    if rank == 0:
        average.state["quantize.embedding.weight"].copy_(model.quantize.embedding.weight)
        _save(average, settings.run)


def _losses(model: ImageTokenizer, pictures: Tensor, codebook: MovingCodebook | None,
            settings: ImageTokenizerTraining) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The picture's loss, the whole loss, and, once there is a codebook, the latents [N, width] with their ids [N]."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        latents = model.latents(pictures)
        rows = latents.permute(0, 2, 3, 1).flatten(0, 2)
        if codebook is None:
            loss = reconstruction_loss(pictures, model.decode_latents(latents), settings.detail)
            return loss, loss, rows.detach(), torch.zeros(0, dtype=torch.long)
        ids = model.quantize.nearest(rows.detach())
        codes = model.quantize.look_up(ids).view(latents.shape[0], *latents.shape[2:], -1).permute(0, 3, 1, 2)
        drawn = model.decode_latents(latents + (codes - latents).detach())
    loss = reconstruction_loss(pictures, drawn, settings.detail)
    distance = (latents - codes).square().sum(dim=1).mean()
    return loss, loss + settings.commitment * distance, rows.detach(), ids


@torch.no_grad()
def _make_codebook(model: ImageTokenizer, source: PictureSource) -> None:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        latents = torch.cat([model.latents(source.take(16)).permute(0, 2, 3, 1).flatten(0, 2) for _ in range(12)])
    model.quantize.embedding.weight.copy_(spherical_k_means(latents, model.settings.codebook_size))
    dist.broadcast(model.quantize.embedding.weight.data, 0)


def teach_encoder(run: Path, source: Callable[[int], PictureSource], minutes: float, ranks: int = 2,
                  network: VqSettings = SETTINGS) -> None:
    """Trains the layout's encoder to find the tokens that the patch encoder gives; nothing else changes."""
    distributed.launch(_polish_rank, ranks, run, source, minutes, _EncoderLesson(), (1,), network)


def sharpen_decoder(run: Path, source: Callable[[int], PictureSource], minutes: float, ranks: int = 2,
                    scales: tuple[int, ...] = (1,), network: VqSettings = SETTINGS) -> None:
    """Trains the decoder further; encoders and codebook stay, so that tokens keep their meaning.

    ``scales`` are taken in turn: how many times larger than usual the pictures are drawn.
    """
    distributed.launch(_polish_rank, ranks, run, source, minutes, _DecoderLesson(), scales, network)


def make_plain(source: Path, run: Path) -> None:
    """Puts an image tokenizer without its attention, which must be made up for by further training, into another run."""
    state = torch.load(source / "vq.pt", weights_only=True)["model"]
    plain = ImageTokenizer(replace(SETTINGS, plain=True, border=-1.0)).state_dict()
    write_whole({"model": {name: state[name] for name in plain}}, run / "vq.pt")


class Lesson(Protocol):
    """What some parts of an image tokenizer are to learn while all others stay: how fast, by which loss, noted where."""

    log: str
    rate: float

    def parts(self, model: ImageTokenizer) -> tuple[nn.Module, ...]:
        """The parts that change."""
        ...

    def loss(self, model: ImageTokenizer, pictures: Tensor) -> Tensor:
        """Of a batch of pictures [B, 3, H, W]."""
        ...


class _TokenLesson:
    """A lesson about the tokens that pictures have."""

    def loss(self, model: ImageTokenizer, pictures: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                tokens = model.encode(pictures)
            return self._loss(model, pictures, tokens)

    def _loss(self, model: ImageTokenizer, pictures: Tensor, tokens: Tensor) -> Tensor:
        raise NotImplementedError


class _EncoderLesson(_TokenLesson):
    log = "encoder.jsonl"
    rate = 7e-4

    def parts(self, model: ImageTokenizer) -> tuple[nn.Module, ...]:
        return model.encoder, model.quant_conv

    def _loss(self, model: ImageTokenizer, pictures: Tensor, tokens: Tensor) -> Tensor:
        """Cross-entropy of choosing the right code by cosine."""
        rows = model.imitated_latents(pictures).permute(0, 2, 3, 1).flatten(0, 2)
        likeness = rows @ F.normalize(model.quantize.embedding.weight, dim=-1).T
        return F.cross_entropy(20 * likeness, tokens.flatten())


class _DecoderLesson(_TokenLesson):
    log = "decoder.jsonl"
    rate = 2e-4

    def parts(self, model: ImageTokenizer) -> tuple[nn.Module, ...]:
        return model.decoder, model.post_quant_conv

    def _loss(self, model: ImageTokenizer, pictures: Tensor, tokens: Tensor) -> Tensor:
        return reconstruction_loss(pictures, model.decode(tokens, pictures.shape[2] // model.settings.stride))


def _polish_rank(rank: int, run: Path, source: Callable[[int], PictureSource], minutes: float,
                 lesson: Lesson, scales: tuple[int, ...], network: VqSettings) -> None:
    model = load_image_tokenizer(run, network).to(memory_format=torch.channels_last)
    known = [source(6000).take(TRIED // scale**2, scale) for scale in scales]
    polish(rank, run, model, lesson, source(5000 + rank), known, minutes, scales)


def polish(rank: int, run: Path, model: ImageTokenizer, lesson: Lesson, source: PictureSource, known: list[Tensor], minutes: float,
           scales: tuple[int, ...] = (1,), synchronise_every: int = SYNCHRONISE_EVERY) -> None:
    """One rank's share of a lesson; the first rank saves the model.

    ``known``: batches that the lesson is tried by before and after. ``synchronise_every``: steps between two looks at the clock.
    """
    parameters = _trained(model, *lesson.parts(model))
    optimizer = torch.optim.AdamW(parameters, lesson.rate, betas=(0.9, 0.99), weight_decay=1e-4)
    average = WeightAverage(model, 0.998)
    log = Log(run / lesson.log, rank, every=20)
    log.trial(_trial(model, lesson, known))
    clock = distributed.SharedClock(60 * minutes)
    step, done = 0, 0.0
    while done < 1:
        set_rate(optimizer, lesson.rate * min(1, (step + 1) / 50) * cosine(done))
        scale = scales[step % len(scales)]
        loss = lesson.loss(model, source.take(4 if scale == 1 else 2, scale))
        distributed.descend(loss, parameters, [optimizer], longest=1.0)
        average.update(model)
        step += 1
        log.add(step, float(loss.detach()))
        if step % synchronise_every == 0:
            done = clock.done()
    log.trial(_trial(model, lesson, known))
    if rank == 0:
        _save(average, run)


@torch.no_grad()
def _trial(model: ImageTokenizer, lesson: Lesson, known: list[Tensor]) -> float:
    return float(sum(lesson.loss(model, pictures) for pictures in known)) / len(known)


def _trained(model: ImageTokenizer, *parts: nn.Module) -> list[nn.Parameter]:
    """The parameters of these parts, which alone will change."""
    model.requires_grad_(False)
    for part in parts:
        part.requires_grad_(True)
    return [parameter for parameter in model.parameters() if parameter.requires_grad]


def cosine(done: float) -> float:
    """From 1 down to 0 as ``done`` goes from 0 to 1."""
    return 0.5 + 0.5 * math.cos(math.pi * min(done, 1.0))


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Sets the learning rate of all groups."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def load_image_tokenizer(run: Path, network: VqSettings = SETTINGS) -> ImageTokenizer:
    """The trained image tokenizer of a run, in evaluation mode; of the usual one the plain variant is known by its tensors."""
    state = torch.load(run / "vq.pt", weights_only=True)["model"]
    if network == SETTINGS and "decoder.mid.1.q.weight" not in state:
        network = replace(SETTINGS, plain=True, border=-1.0)
    model = ImageTokenizer(network)
    model.load_state_dict(state)
    return model.eval()


@torch.inference_mode()
def measure(run: Path, pictures: int = 256, seed: int = 999, scale: int = 1) -> dict[str, float]:
    """PSNR in dB of the mean error, the share of the codebook in use, and of the tokens that the layout's encoder gets
    right, on newly drawn scenes, drawn as many times larger as ``scale`` says."""
    model = load_image_tokenizer(run).to(memory_format=torch.channels_last)
    source, error, agreement = ScenePictures(seed), 0.0, 0.0
    seen = torch.zeros(SETTINGS.codebook_size, dtype=torch.bool)
    for _ in range(pictures // 32):
        batch = source.take(32, scale)
        tokens = model.encode(batch)
        seen[tokens.flatten()] = True
        error += (model.decode(tokens).clamp(-1, 1) - batch).square().mean().item() * 32 / pictures
        agreement += (model.quantized(model.imitated_latents(batch)) == tokens).float().mean().item() * 32 / pictures
    return {"psnr": 10 * math.log10(4 / error), "codebook_use": seen.float().mean().item(), "encoder_agreement": agreement}


def _save(average: WeightAverage, run: Path) -> None:
    write_whole({"model": {name: value.contiguous() for name, value in average.state.items()}}, run / "vq.pt")
