"""Writes a random class-conditional checkpoint of GPT-B size in the published layout: python checkpoint.py gpt.pt vq.pt"""

from __future__ import annotations

import sys

import torch
from torch import nn

from llamagen import GPT_B, LlamaGen


def random_gpt() -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    model = LlamaGen(GPT_B)
    for parameter in model.parameters():
        if parameter.dim() > 1:
            nn.init.normal_(parameter, std=0.02)
    nn.init.normal_(model.output.weight, std=0.1)
    return model.state_dict()


def random_vq() -> dict[str, torch.Tensor]:
    """The smallest tokenizer of the published layout: sixteen pixels to a token, 32 channels."""
    torch.manual_seed(1)
    tensors: dict[str, torch.Tensor] = {}

    def conv(name: str, inputs: int, outputs: int, kernel: int) -> None:
        tensors[name + ".weight"] = torch.randn(outputs, inputs, kernel, kernel) / (inputs * kernel**2) ** 0.5
        tensors[name + ".bias"] = torch.zeros(outputs)

    def norm(name: str, channels: int) -> None:
        tensors[name + ".weight"] = torch.ones(channels)
        tensors[name + ".bias"] = torch.zeros(channels)

    def residual(name: str, inputs: int, outputs: int) -> None:
        norm(name + ".norm1", inputs)
        conv(name + ".conv1", inputs, outputs, 3)
        norm(name + ".norm2", outputs)
        conv(name + ".conv2", outputs, outputs, 3)
        if inputs != outputs:
            conv(name + ".nin_shortcut", inputs, outputs, 1)

    def attention(name: str, channels: int) -> None:
        norm(name + ".norm", channels)
        for part in ("q", "k", "v", "proj_out"):
            conv(f"{name}.{part}", channels, channels, 1)

    def middle(name: str, channels: int) -> None:
        residual(name + ".0", channels, channels)
        attention(name + ".1", channels)
        residual(name + ".2", channels, channels)

    widths = [32, 32, 64, 64, 128]
    conv("encoder.conv_in", 3, 32, 3)
    for level, width in enumerate(widths):
        block = f"encoder.conv_blocks.{level}"
        for index in range(2):
            inputs = widths[max(level - 1, 0)] if index == 0 else width
            residual(f"{block}.res.{index}", inputs, width)
            if level == len(widths) - 1:
                attention(f"{block}.attn.{index}", width)
        if level < len(widths) - 1:
            conv(f"{block}.downsample.conv", width, width, 3)
    middle("encoder.mid", 128)
    norm("encoder.norm_out", 128)
    conv("encoder.conv_out", 128, 64, 3)
    conv("decoder.conv_in", 64, 128, 3)
    middle("decoder.mid", 128)
    for level, width in enumerate(reversed(widths)):
        block = f"decoder.conv_blocks.{level}"
        above = list(reversed(widths))[max(level - 1, 0)]
        for index in range(3):
            residual(f"{block}.res.{index}", above if index == 0 else width, width)
            if level == 0:
                attention(f"{block}.attn.{index}", width)
        if level < len(widths) - 1:
            conv(f"{block}.upsample.conv", width, width, 3)
    norm("decoder.norm_out", 32)
    conv("decoder.conv_out", 32, 3, 3)
    tensors["quantize.embedding.weight"] = torch.randn(GPT_B.vocabulary, 8)
    conv("quant_conv", 64, 8, 1)
    conv("post_quant_conv", 8, 64, 1)
    return tensors


if __name__ == "__main__":
    torch.save({"model": random_gpt()}, sys.argv[1])
    torch.save({"model": random_vq()}, sys.argv[2])
