"""What all recipes do with their steps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from .log import losses


class Steps:
    """Runs a recipe's steps in one folder; a step whose result lies there is not repeated."""

    def __init__(self, run: Path) -> None:
        self._run = run
        run.mkdir(parents=True, exist_ok=True)

    def take(self, result: str, action: Callable[[], None]) -> None:
        """Takes a step, unless there is the file ``result``, which marks it as taken."""
        path = self._run / result
        if path.exists():
            print(f"{path}: kept", flush=True)
            return
        action()
        path.touch()
        print(f"{path}: done", flush=True)


def require_falling(run: Path, logs: Sequence[str]) -> None:
    """An error unless the losses of all these logs have fallen."""
    for name in logs:
        course = losses(run / name)
        if len(course) < 2 or course[-1] >= course[0]:
            raise AssertionError(f"the losses of {name} do not fall: {course}")
