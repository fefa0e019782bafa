"""Processes of one thread each: one coarse barrier per step suffers less from busy cores than OpenMP's many."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import torch
import torch.distributed as dist
from torch import Tensor, nn


def launch(worker: Callable[..., None], ranks: int, *arguments: object) -> None:
    """Runs ``worker(rank, *arguments)`` in ``ranks`` processes and waits for all of them; fails if one of them does."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    with tempfile.TemporaryDirectory(prefix="ranks-") as folder:
        meeting = f"file://{Path(folder) / 'meeting'}"
        torch.multiprocessing.spawn(_enter, (worker, ranks, meeting, arguments), nprocs=ranks)


def _enter(rank: int, worker: Callable[..., None], ranks: int, meeting: str, arguments: tuple[object, ...]) -> None:
    torch.set_num_threads(1)
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=ranks)
    worker(rank, *arguments)
    # Who ends first must not take its sockets away from one that still writes its last file.
    dist.barrier()
    # All is written. Taking gloo's threads apart has ended a process with an abort, and with it a run that was done.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def average_gradients(parameters: Sequence[Tensor]) -> None:
    """Makes the gradients of all ranks equal to their mean, in one message; a missing gradient counts as zero."""
    for parameter in parameters:
        if parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)
    if dist.get_world_size() == 1:
        return
    packed = torch.cat([parameter.grad.flatten() for parameter in parameters])
    dist.all_reduce(packed)
    packed /= dist.get_world_size()
    for parameter, part in zip(parameters, packed.split([parameter.numel() for parameter in parameters])):
        parameter.grad.copy_(part.view_as(parameter))


def descend(loss: Tensor, parameters: Sequence[Tensor], optimizers: Sequence[torch.optim.Optimizer],
            longest: float | None = None) -> None:
    """One step of all ranks down the mean of their losses; a gradient longer than ``longest`` is cut to that."""
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss.backward()
    average_gradients(parameters)
    if longest is not None:
        nn.utils.clip_grad_norm_(parameters, longest)
    for optimizer in optimizers:
        optimizer.step()


class SharedClock:
    """Progress of a run that is given a duration; all ranks read the same value, so that they stop together."""

    def __init__(self, seconds: float, already: float = 0.0) -> None:
        self._seconds = seconds
        self._start = time.monotonic() - already

    def elapsed(self) -> float:
        """Seconds since the start, by the slowest rank's clock."""
        value = torch.tensor([time.monotonic() - self._start], dtype=torch.float64)
        dist.all_reduce(value, dist.ReduceOp.MAX)
        return float(value)

    def done(self) -> float:
        """Share of the duration that has passed; 1 and more at the end."""
        return self.elapsed() / self._seconds
