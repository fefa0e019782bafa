"""An exponential moving average of weights, which is what gets exported."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class WeightAverage:
    """Averages all state of a model; the decay grows with the step count, so that early weights are forgotten."""

    def __init__(self, model: nn.Module, decay: float, half_way: int = 20) -> None:
        self._decay = decay
        self._half_way = half_way
        self._steps = 0
        self.state: dict[str, Tensor] = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Takes in the present weights."""
        self._steps += 1
        decay = min(self._decay, self._steps / (self._steps + self._half_way))
        current = model.state_dict()
        averaged = [name for name, value in self.state.items() if value.is_floating_point()]
        torch._foreach_lerp_([self.state[name] for name in averaged], [current[name].detach() for name in averaged], 1 - decay)

    def saved(self) -> dict[str, object]:
        """What ``restore`` needs."""
        return {"state": self.state, "steps": self._steps}

    def restore(self, saved: dict[str, object]) -> None:
        """Goes on from ``saved``."""
        self.state, self._steps = saved["state"], saved["steps"]
