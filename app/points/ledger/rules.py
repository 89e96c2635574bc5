"""Pure rules of points."""

from collections.abc import Iterable
from typing import TypeVar

L = TypeVar("L")


def take_from_lots(lots: Iterable[tuple[L, int]], points: int) -> list[tuple[L, int]]:
    """Which (lot, points) to take, given (lot, remaining) in order of expiry; may fall short of `points`."""
    taken = []
    for lot, remaining in lots:
        if points <= 0:
            break
        part = min(remaining, points)
        taken.append((lot, part))
        points -= part
    return taken


def left_after(taken: Iterable[tuple[L, int]], lots: Iterable[tuple[L, int]]) -> list[tuple[L, int]]:
    """What is left of (lot, points) after what was taken of them, without those of which nothing is."""
    gone = dict(taken)
    return [(lot, points - gone.get(lot, 0)) for lot, points in lots if points > gone.get(lot, 0)]
