"""Pure rules of points."""

from collections.abc import Iterable
from datetime import date


def expiry_day(earned_on: date) -> date:
    """Points earned in a year are good until the end of the next."""
    return date(earned_on.year + 1, 12, 31)


def take_from_lots(lots: Iterable[tuple[int, int]], points: int) -> list[tuple[int, int]]:
    """Which (lot, points) to take, given (lot, remaining) in order of expiry; may fall short of `points`."""
    taken = []
    for lot_id, remaining in lots:
        if points <= 0:
            break
        part = min(remaining, points)
        taken.append((lot_id, part))
        points -= part
    return taken
