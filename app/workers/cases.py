"""What machines could not settle becomes cases for people."""

from app.cases import kinds
from app.kernel import clock
from app.kernel.db import atomic

LIMIT = 200


def raise_cases(*, limit: int = LIMIT) -> int:
    """Let everything that raises cases look once, each in a unit of work of its own; returns how many were raised."""
    return sum(_look(raiser, limit) for raiser in kinds.all_raisers())


def _look(raiser: kinds.Raiser, limit: int) -> int:
    with atomic():
        return raiser(now=clock.now(), limit=limit)
