"""What members of the twin pay with points at tills. Pure but for chance, a stream of its own: nobody lives otherwise.

The simulator keeps the books of somebody who earns a point a yuan; who has fewer at the till is refused there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from cli.twin.lives import Life
from cli.twin.people import Person, World
from cli.twin.points import parking

MOST_TIMES = 3  # in a life
_FEWEST = (400, 1_400)  # points with which somebody begins to think of spending them
_WHEN_ENOUGH = 0.6  # of the purchases at which there are as many
_WHOLE = 100  # points are spent by the hundred
_LATER = timedelta(minutes=2)  # after the receipt


@dataclass(frozen=True, slots=True)
class Paid:
    """Points paid in the store of a category, right after something was bought there."""

    at: datetime
    category: str
    store: int
    points: int


def spend(world: World, person: Person, life: Life) -> Iterator[Paid]:
    """What the member pays with points, in the order of time."""
    chance = world.chance_of(person.number, "points")
    if parking.keeps_points(world, person):
        return
    if chance.random() >= person.archetype.points:
        return
    saved, times, fewest = 0, 0, chance.randint(*_FEWEST)
    for one in sorted(life.bought, key=lambda bought: bought.at):
        saved += 0 if one.refunded_at is not None else one.amount_fen // 100
        if times < MOST_TIMES and saved >= fewest and chance.random() < _WHEN_ENOUGH:
            points = saved // _WHOLE * _WHOLE
            yield Paid(one.at + _LATER, one.category, one.store, points)
            saved, times = saved - points, times + 1
