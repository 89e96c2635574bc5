"""Who the members are: archetype, day of joining, and why and since when they stay away. Pure but for chance."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from cli.twin import archetypes
from cli.twin.archetypes import Archetype

SETTLED = 45  # nobody begins to stay away before so many days as a member
LATEST = 20  # nor within so many days before the last one
_PROVINCES = "沪苏浙皖"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a twin follows from, with the mall."""

    members: int
    days: int
    seed: int
    last: date

    @property
    def first(self) -> date:
        """The day on which the first may join."""
        return self.last - timedelta(days=self.days - 1)

    def chance_of(self, number: int, what: str) -> random.Random:
        """Chance for one subject of one member, whatever else is asked."""
        return random.Random(f"{self.seed}:{number}:{what}")  # noqa: S311  a twin, not a secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A made-up member; `cause` and `since` are None for those who keep coming, `plate` for those without a car."""

    number: int
    archetype: Archetype
    card_no: str
    phone: str
    name: str
    plate: str | None
    joined_on: date
    comes_once: bool
    cause: str | None
    since: date | None


def person(world: World, number: int) -> Person:
    """The member with this number, from nought."""
    chance = world.chance_of(number, "who")
    kinds = archetypes.read()
    archetype = chance.choices(kinds, [one.share for one in kinds])[0]
    joined_on = world.first + timedelta(days=int((world.days - 1) * chance.random() ** 1.15))
    comes_once = chance.random() < archetype.once
    cause, since = (None, None) if comes_once else _sleep(world, archetype, joined_on, chance)
    first, given = archetypes.names()
    return Person(
        number=number,
        archetype=archetype,
        card_no=card_no(world.seed, number),
        phone=f"17{world.seed % 10}{number:08d}",
        name=chance.choice(first) + chance.choice(given),
        plate=_plate(world, number, chance) if chance.random() < min(archetype.drives * 1.2, 1) else None,
        joined_on=joined_on,
        comes_once=comes_once,
        cause=cause,
        since=since,
    )


def card_no(seed: int, number: int) -> str:
    """The card that a member of the twin brings."""
    return f"TW{seed}-{number:06d}"


def weighted(chance: random.Random, weights: Mapping[T, int]) -> T:
    """One of them, by weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def _sleep(
    world: World, archetype: Archetype, joined_on: date, chance: random.Random
) -> tuple[str, date] | tuple[None, None]:
    span = (world.last - joined_on).days - SETTLED - LATEST
    sleeps, share = chance.random() < archetype.sleeps, chance.random()
    if span <= 0 or not sleeps:
        return None, None
    return weighted(chance, archetype.causes), joined_on + timedelta(days=SETTLED + int(span * share))


def _plate(world: World, number: int, chance: random.Random) -> str:
    """Nobody else's of the same twin: the number is in it."""
    letters = chance.choice(_PROVINCES), chance.choice(_LETTERS)
    return f"{letters[0]}{letters[1]}{_LETTERS[world.seed % 23]}{number % 10_000:04d}"
