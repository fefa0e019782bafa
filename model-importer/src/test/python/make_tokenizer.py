"""A small byte-level vocabulary in the layout of CLIP's tokenizer."""

import json

TEXT_TOKENS = 77


def bytes_as_characters():
    """The characters that stand for the 256 bytes in byte-level vocabularies."""
    printable = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in printable]
    return [chr(byte) for byte in printable] + [chr(256 + i) for i in range(len(others))]


def write_tokenizer(directory, pad):
    """Returns the number of words; the last two are the opening and the closing token."""
    characters = bytes_as_characters()
    merges = ["a t", "c at", "cat s</w>", "r e", "re d</w>", "h e", "he a", "hea r", "hear t</w>", "t h", "th e</w>", "o g", "b l"]
    words = characters + [c + "</w>" for c in characters] + [merge.replace(" ", "") for merge in merges]
    words += ["<|startoftext|>", "<|endoftext|>"]
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}, ensure_ascii=False))
    (directory / "merges.txt").write_text("\n".join(["#version: 0.2", *merges]) + "\n")
    special = {"bos_token": "<|startoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "pad_token": pad}
    (directory / "special_tokens_map.json").write_text(json.dumps(special))
    (directory / "tokenizer_config.json").write_text(json.dumps({**special, "model_max_length": TEXT_TOKENS}))
    return len(words)
