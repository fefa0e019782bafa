"""``python -m training RECIPE``: trains a model that ships with Tessera, from fonts to checkpoints."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import emoji_llamagen, emoji_muse, emoji_var, landscape_gpt
from .emoji_llamagen import LlamaGenRecipe
from .emoji_muse import MuseRecipe
from .emoji_var import VarRecipe
from .landscape_gpt import LandscapeRecipe


def main() -> None:
    """Reads the command line and runs the recipe."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    recipes = parser.add_subparsers(dest="recipe", required=True, help="the model to train")
    _llamagen_options(recipes.add_parser("emoji-llamagen", help="next-token, 64 pixels"))
    _muse_options(recipes.add_parser("emoji-muse", help="masked, with super-resolution to 128 pixels"))
    _var_options(recipes.add_parser("emoji-var", help="next-scale, of classes, 64 pixels"))
    _landscape_options(recipes.add_parser("landscape-gpt", help="windowed next-token, landscapes of 128 pixels and any width"))
    arguments = parser.parse_args()
    if arguments.out.exists() and any(arguments.out.iterdir()) and not arguments.resume:
        parser.error(f"{arguments.out} is not empty: give --resume, or another --out")
    train = {"emoji-llamagen": _train_llamagen, "emoji-muse": _train_muse, "emoji-var": _train_var,
             "landscape-gpt": _train_landscapes}
    train[arguments.recipe](arguments)


def _llamagen_options(parser: argparse.ArgumentParser) -> None:
    _common_options(parser, Path("target/emoji-llamagen"))
    _minutes(parser, "tokenizer", LlamaGenRecipe.tokenizer_minutes, "image tokenizer")
    _minutes(parser, "generator", LlamaGenRecipe.generator_minutes, "text encoder and transformer")
    _minutes(parser, "decoder", LlamaGenRecipe.decoder_minutes, "sharpening of the image decoder at the end")
    _minutes(parser, "encoder", LlamaGenRecipe.encoder_minutes, "lessons of the image encoder, at the very end")


def _muse_options(parser: argparse.ArgumentParser) -> None:
    _common_options(parser, Path("target/emoji-muse"))
    _shared(parser, "image tokenizer and text encoder are used, and made if missing")
    _minutes(parser, "decoder", MuseRecipe.decoder_minutes, "the image decoder, for both sizes")
    _minutes(parser, "encoder", MuseRecipe.encoder_minutes, "lessons of the image encoder")
    _minutes(parser, "base", MuseRecipe.base_minutes, "base transformer")
    _minutes(parser, "superres", MuseRecipe.superres_minutes, "super-resolution transformer")


def _var_options(parser: argparse.ArgumentParser) -> None:
    _common_options(parser, Path("target/emoji-var"))
    _shared(parser, "image tokenizer is used, and made if missing")
    _minutes(parser, "quantizer", VarRecipe.quantizer_minutes, "multi-scale quantiser")
    _minutes(parser, "decoder", VarRecipe.decoder_minutes, "the image decoder, on what the quantiser leaves")
    _minutes(parser, "generator", VarRecipe.generator_minutes, "transformer")


def _landscape_options(parser: argparse.ArgumentParser) -> None:
    _common_options(parser, Path("target/landscape-gpt"))
    _minutes(parser, "tokenizer", LandscapeRecipe.tokenizer_minutes, "image tokenizer")
    _minutes(parser, "generator", LandscapeRecipe.generator_minutes, "transformer")
    _minutes(parser, "decoder", LandscapeRecipe.decoder_minutes, "sharpening of the image decoder")
    _minutes(parser, "encoder", LandscapeRecipe.encoder_minutes, "lessons of the image encoder")


def _shared(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--shared", type=Path, default=Path("target/emoji-llamagen"), help=f"folder of emoji-llamagen, whose {what}")


def _common_options(parser: argparse.ArgumentParser, out: Path) -> None:
    parser.add_argument("--out", type=Path, default=out, help="folder for everything that is written")
    parser.add_argument("--resume", action="store_true", help="go on with what lies in the folder")
    parser.add_argument("--ranks", type=int, default=2, help="processes of one thread each")
    parser.add_argument("--smoke", action="store_true",
                        help="every step in a few minutes, and a check that the result can be used; no useful model")


def _minutes(parser: argparse.ArgumentParser, step: str, minutes: float, what: str) -> None:
    parser.add_argument(f"--{step}-minutes", type=float, default=minutes, help=what)


def _train_llamagen(arguments: argparse.Namespace) -> None:
    if arguments.smoke:
        emoji_llamagen.smoke(arguments.out, arguments.ranks)
        return
    LlamaGenRecipe(arguments.out, arguments.tokenizer_minutes, arguments.generator_minutes, arguments.decoder_minutes,
                   arguments.encoder_minutes, arguments.ranks).steps()


def _train_muse(arguments: argparse.Namespace) -> None:
    if arguments.smoke:
        emoji_muse.smoke(arguments.out, arguments.shared, arguments.ranks)
        return
    shared = LlamaGenRecipe(arguments.shared, ranks=arguments.ranks)
    MuseRecipe(arguments.out, shared, arguments.decoder_minutes, arguments.encoder_minutes, arguments.base_minutes,
               arguments.superres_minutes, arguments.ranks).steps()


def _train_var(arguments: argparse.Namespace) -> None:
    if arguments.smoke:
        emoji_var.smoke(arguments.out, arguments.shared, arguments.ranks)
        return
    shared = LlamaGenRecipe(arguments.shared, ranks=arguments.ranks)
    VarRecipe(arguments.out, shared, arguments.quantizer_minutes, arguments.decoder_minutes, arguments.generator_minutes,
              arguments.ranks).steps()


def _train_landscapes(arguments: argparse.Namespace) -> None:
    if arguments.smoke:
        landscape_gpt.smoke(arguments.out, arguments.ranks)
        return
    LandscapeRecipe(arguments.out, arguments.tokenizer_minutes, arguments.generator_minutes, arguments.decoder_minutes,
                    arguments.encoder_minutes, arguments.ranks).steps()


if __name__ == "__main__":
    main()
