"""Muon: momentum whose direction is made orthogonal, for the matrices of a transformer (Jordan et al., 2024)."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

_A, _B, _C = 3.4445, -4.7750, 2.0315


def orthogonalised(gradient: Tensor, rounds: int = 5) -> Tensor:
    """The nearest matrix with orthonormal rows or columns, roughly, by Newton-Schulz iteration in bf16."""
    x = gradient.bfloat16()
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    x = x / (x.norm() + 1e-7)
    for _ in range(rounds):
        square = x @ x.T
        x = _A * x + (_B * square + _C * square @ square) @ x
    return (x.T if tall else x).to(gradient.dtype)


class Muon(torch.optim.Optimizer):
    def __init__(self, parameters: list[Tensor], lr: float = 0.02, momentum: float = 0.95, weight_decay: float = 0.01):
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for parameter in group["params"]:
                buffer = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                buffer.lerp_(parameter.grad, 1 - group["momentum"])
                direction = parameter.grad.lerp(buffer, group["momentum"])
                scale = max(1.0, parameter.shape[0] / parameter.shape[1]) ** 0.5
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.add_(self._update(direction), alpha=-group["lr"] * scale)

    @staticmethod
    def _update(direction: Tensor) -> Tensor:
        """Fused projections are made orthogonal one by one."""
        rows, columns = direction.shape
        if rows == 3 * columns:
            return torch.cat([orthogonalised(part) for part in direction.chunk(3)])
        return orthogonalised(direction)


def muon_and_adamw(model: nn.Module, layers: Iterable[nn.Module], matrix_rate: float,
                   other_rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of these layers of a model, AdamW for everything else."""
    matrices = [parameter for layer in layers for parameter in layer.parameters() if parameter.dim() == 2]
    chosen = {id(parameter) for parameter in matrices}
    others = [parameter for parameter in model.parameters() if id(parameter) not in chosen]
    return [Muon(matrices, matrix_rate), torch.optim.AdamW(others, other_rate, betas=(0.9, 0.97), weight_decay=0.0)]
