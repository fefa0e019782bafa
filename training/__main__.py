"""``python -m training emoji-llamagen``: trains the model that ships with Tessera, from fonts to checkpoints."""

from __future__ import annotations

import argparse
from pathlib import Path

from .emoji_llamagen import Recipe, smoke


def main() -> None:
    """Reads the command line and runs the recipe."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("recipe", choices=["emoji-llamagen"], help="the model to train")
    parser.add_argument("--out", type=Path, default=Path("target/emoji-llamagen"), help="folder for everything that is written")
    parser.add_argument("--resume", action="store_true", help="go on with what lies in the folder")
    parser.add_argument("--tokenizer-minutes", type=float, default=Recipe.tokenizer_minutes, help="image tokenizer")
    parser.add_argument("--generator-minutes", type=float, default=Recipe.generator_minutes,
                        help="text encoder and transformer")
    parser.add_argument("--decoder-minutes", type=float, default=Recipe.decoder_minutes,
                        help="sharpening of the image decoder at the end")
    parser.add_argument("--encoder-minutes", type=float, default=Recipe.encoder_minutes,
                        help="lessons of the image encoder, at the very end")
    parser.add_argument("--ranks", type=int, default=Recipe.ranks, help="processes of one thread each")
    parser.add_argument("--smoke", action="store_true", help="every step in a few minutes; no useful model")
    arguments = parser.parse_args()
    if arguments.out.exists() and any(arguments.out.iterdir()) and not arguments.resume:
        parser.error(f"{arguments.out} is not empty: give --resume, or another --out")
    if arguments.smoke:
        smoke(arguments.out, arguments.ranks)
        return
    Recipe(arguments.out, arguments.tokenizer_minutes, arguments.generator_minutes, arguments.decoder_minutes,
           arguments.encoder_minutes, arguments.ranks).steps()


if __name__ == "__main__":
    main()
