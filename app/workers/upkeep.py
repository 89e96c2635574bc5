"""Forgetting what has served its time; every package says what that is."""

from collections.abc import Callable
from datetime import datetime

from app.kernel import clock, discovery
from app.kernel.db import atomic

_SWEEPS: dict[str, Callable[..., int]] = discovery.merged("SWEEPS", named="sweeps", below=["app"])


def sweep() -> dict[str, int]:
    """Run every sweep in a transaction of its own; returns how many rows each forgot."""
    now = clock.now()
    return {name: _swept(forget, now) for name, forget in _SWEEPS.items()}


def _swept(forget: Callable[..., int], now: datetime) -> int:
    with atomic():
        return forget(now=now)
