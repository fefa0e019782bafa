"""A small T5 v1.1 encoder in the Hugging Face layout, trained along with the generator."""

from __future__ import annotations

from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor
from transformers import T5Config, T5EncoderModel

from .captions import END, PAD, save_tokenizer


def small_t5(vocabulary: int, width: int) -> T5EncoderModel:
    config = T5Config(
        vocab_size=vocabulary,
        d_model=width,
        d_kv=32,
        num_heads=4,
        d_ff=2 * width,
        num_layers=2,
        feed_forward_proj="gated-gelu",
        dropout_rate=0.0,
        pad_token_id=PAD,
        eos_token_id=END,
        use_cache=False,
        is_encoder_decoder=False,
        tie_word_embeddings=False,
    )
    model = T5EncoderModel(config)
    with torch.no_grad():
        model.shared.weight.normal_(std=0.5)
    return model


def encode(model: T5EncoderModel, tokenizer: Tokenizer, captions: list[str], length: int) -> tuple[Tensor, Tensor]:
    """Left-padded states [B, T, C], zero at the pads, and which positions are no pads [B, T]."""
    rows = [tokenizer.encode(caption).ids[:length] for caption in captions]
    ids = torch.full((len(rows), length), PAD)
    valid = torch.zeros(len(rows), length, dtype=torch.bool)
    for row, tokens in enumerate(rows):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        valid[row, : len(tokens)] = True
    states = model(input_ids=ids, attention_mask=valid.long()).last_hidden_state
    return roll_right(states * valid[..., None], valid), valid.flip(1)


def roll_right(states: Tensor, valid: Tensor) -> Tensor:
    """Moves the pads of every row from the end to the front."""
    length = valid.shape[1]
    start = length - valid.sum(1)
    index = (torch.arange(length)[None] - start[:, None]) % length
    return states.gather(1, index[..., None].expand_as(states))


def save_t5(model: T5EncoderModel, tokenizer: Tokenizer, folder: Path) -> None:
    model.save_pretrained(folder)
    save_tokenizer(tokenizer, folder / "tokenizer.json")
