"""What time does to where members stand: a batch in a transaction of its own, any number of workers at once."""

from app.kernel import clock
from app.kernel.db import atomic
from app.tiers.standings import ending

LIMIT = 200


def settle_standings() -> int:
    """Write what the ends of periods made of one batch of standings; returns of how many."""
    with atomic():
        return ending.settle_due(now=clock.now(), limit=LIMIT)


def bring_ladder() -> int:
    """Bring a ladder that has begun to one batch of members; returns to how many."""
    with atomic():
        return ending.bring_ladder(now=clock.now(), limit=LIMIT)


def make_notices() -> int:
    """Note everybody who is to be told that they will fall; returns how many are new."""
    made, last = 0, 0
    while True:
        with atomic():
            batch = ending.make_notices(now=clock.now(), after=last, limit=LIMIT)
        if batch is None:
            return made
        made, last = made + batch.made, batch.last
