"""Makes the checkpoints and reference values under src/test/resources/masked.

    python -m pip install torch safetensors transformers
    python src/test/python/make_masked_fixtures.py src/test/resources/masked

Weights are random and small; what matters is that an implementation other than the importer's made the values.
"""

import json
import sys
from pathlib import Path

import torch
from make_tokenizer import TEXT_TOKENS, write_tokenizer
from reference_masked import ImageTokenizer, TextEncoder, Transformer, greedy
from safetensors.torch import save_file
from transformers import CLIPTokenizer

CODES = 64
MASK = 71
DIMENSIONS = 8
CLEAR = 2e-4
PROMPTS = ["a red heart", "Two  cats, 3 dögs!", "the"]
NEGATIVES = ["", "", "a blurry hand"]


def keep_whole(tokenizer, directory):
    """As one file instead of two."""
    tokenizer.save_pretrained(directory)
    for part in ("vocab.json", "merges.txt"):
        (directory / part).unlink(missing_ok=True)


def write_folder(directory, config, module, name, dtype):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(config) + "\n")
    for parameter in module.parameters():
        parameter.data = parameter.data.to(dtype).float()
    state = {name: tensor.to(dtype).contiguous() for name, tensor in module.state_dict().items()}
    save_file(state, directory / name)
    (directory / name).chmod(0o644)


def rounded(module, dtype):
    """The checkpoint's numbers are those of the file, whatever the type there."""
    for parameter in module.parameters():
        parameter.data = parameter.data.to(dtype).float()
    return module


def clear_tokenizer(widths, dtype, side):
    """With a picture whose codes are not a matter of rounding, and the distances to its two nearest codes."""
    for seed in range(300):
        torch.manual_seed(seed)
        vae = rounded(ImageTokenizer(widths, CODES, DIMENSIONS), dtype)
        pixels = torch.rand(3, side, side)
        nearest = vae.distances(pixels).topk(2, dim=-1, largest=False)
        if float((nearest.values[..., 1] - nearest.values[..., 0]).min()) > 1e-3 and nearest.indices[..., 0].unique().numel() > 6:
            return vae, pixels, nearest
    raise SystemExit("no seed gives clear codes")


def make_model(directory, *, network, text, widths, steps, schedule, guidance, pad, whole, dtype, suffix):
    words = write_tokenizer(directory / "tokenizer", pad)
    tokenizer = CLIPTokenizer.from_pretrained(directory / "tokenizer")
    if whole:
        keep_whole(tokenizer, directory / "tokenizer")
    text = {**text, "vocab_size": words, "max_position_embeddings": TEXT_TOKENS, "layer_norm_eps": 1e-5}
    ids = [tokenizer(prompt, padding="max_length", truncation=True, max_length=TEXT_TOKENS).input_ids for prompt in PROMPTS]
    no_ids = [tokenizer(prompt, padding="max_length", truncation=True, max_length=TEXT_TOKENS).input_ids for prompt in NEGATIVES]
    side, factor = network["sample_size"], 2 ** (len(widths) - 1)
    picture = (side * factor, side * factor)
    for seed in range(300):
        torch.manual_seed(seed)
        encoder = rounded(TextEncoder(text), dtype)
        transformer = rounded(Transformer(network), dtype)
        images = [one_image(encoder, transformer, pair, side, steps, schedule, guidance, picture) for pair in zip(ids, no_ids)]
        if all(image[3] > CLEAR and len(set(image[0].tolist())) > 6 for image in images):
            break
    else:
        raise SystemExit("no seed gives clear tokens")
    vae, pixels, nearest = clear_tokenizer(widths, dtype, side * factor)
    facts = {
        "prompts": PROMPTS,
        "negatives": NEGATIVES,
        "ids": ids,
        "negative_ids": no_ids,
        "steps": steps,
        "schedule": schedule,
        "guidance": guidance,
        "side": side,
        "tokens": [image[0].tolist() for image in images],
        "codes": nearest.indices[..., 0].flatten().tolist(),
        # Of the encoded picture, with the first prompt: all cells from the first on are drawn anew.
        "edited": edited(
            encoder, transformer, [ids[0], no_ids[0]], nearest.indices[..., 0].flatten(), side, steps, schedule, guidance, picture
        ),
    }
    expected = {"pixels.encoded": pixels}
    for i, (tokens, logits, states, _) in enumerate(images):
        expected[f"logits.{i}"] = logits
        expected[f"after.{i}"] = states.int()
        for prefix, own in (("", ids[i]), ("negative_", no_ids[i])):
            states, pooled = encoder(torch.tensor([own]))
            expected[f"{prefix}states.{i}"], expected[f"{prefix}pooled.{i}"] = states[0], pooled[0]
        expected[f"pixels.{i}"] = vae.decode(tokens.view(side, side))
    save_file({name: tensor.float().contiguous() for name, tensor in expected.items()}, directory / "expected.safetensors")
    (directory / "expected.safetensors").chmod(0o644)
    (directory / "expected.json").write_text(json.dumps(facts, ensure_ascii=False) + "\n")
    vae_config = {"latent_channels": DIMENSIONS, "num_vq_embeddings": CODES, "norm_num_groups": 32, "block_out_channels": widths}
    write_folder(directory / "transformer", network, transformer, f"diffusion_pytorch_model{suffix}.safetensors", dtype)
    write_folder(directory / "vqvae", vae_config, vae, f"diffusion_pytorch_model{suffix}.safetensors", dtype)
    write_folder(directory / "text_encoder", text, encoder, f"model{suffix}.safetensors", dtype)
    (directory / "scheduler").mkdir(exist_ok=True)
    scheduler = {"mask_token_id": MASK, "masking_schedule": schedule}
    (directory / "scheduler/scheduler_config.json").write_text(json.dumps(scheduler) + "\n")


def edited(encoder, transformer, pair, picture_tokens, side, steps, schedule, guidance, picture):
    """The picture with its lower cells drawn anew: as many as give clear tokens, about half."""
    states, pooled = encoder(torch.tensor(pair))
    for edge in range(side * side // 2, 1, -1):
        redrawn = torch.arange(side * side) >= edge
        given = torch.where(redrawn, MASK, picture_tokens)
        tokens, _, _, margin = greedy(
            lambda tokens: transformer(tokens, states, pooled, picture), MASK, side, steps, schedule, guidance, given
        )
        if margin > CLEAR:
            return {"first": edge, "tokens": tokens.tolist()}
    raise SystemExit("no mask gives clear tokens")


def one_image(encoder, transformer, pair, side, steps, schedule, guidance, picture):
    states, pooled = encoder(torch.tensor(pair))
    return greedy(lambda tokens: transformer(tokens, states, pooled, picture), MASK, side, steps, schedule, guidance)


def main():
    target = Path(sys.argv[1])
    network = {
        "hidden_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 3,
        "intermediate_size": 72,
        "vocab_size": 72,
        "codebook_size": CODES,
        "in_channels": 24,
        "block_out_channels": 32,
        "num_res_blocks": 2,
        "block_num_heads": 2,
        "encoder_hidden_size": 40,
        "cond_embed_dim": 20,
        "micro_cond_encode_dim": 256,
        "micro_cond_embed_dim": 1280,
        "sample_size": 4,
        "downsample": False,
        "upsample": False,
    }
    text = {"hidden_size": 40, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 56, "projection_dim": 20}
    make_model(
        target / "plain",
        network=network,
        text={**text, "hidden_act": "quick_gelu", "eos_token_id": 2},
        widths=[32, 32, 32],
        steps=6,
        schedule="cosine",
        guidance=10.0,
        pad="<|endoftext|>",
        whole=False,
        dtype=torch.bfloat16,
        suffix="",
    )
    make_model(
        target / "halved",
        network={**network, "hidden_size": 32, "num_attention_heads": 2, "sample_size": 8, "downsample": True, "upsample": True},
        text={**text, "hidden_act": "gelu", "eos_token_id": 526},
        widths=[32, 32],
        steps=5,
        schedule="linear",
        guidance=4.0,
        pad="!",
        whole=True,
        dtype=torch.float16,
        suffix=".fp16",
    )


if __name__ == "__main__":
    main()
