"""What members tell of themselves. Pure but for chance; a stream of its own, so that nobody lives otherwise for it."""

import calendar
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.identity.preferences import CATEGORIES
from app.identity.profiles.models import Nearby
from app.identity.profiles.rules import Birthday
from cli.twin import archetypes
from cli.twin.people import Person, World, weighted

_BORN = (1958, 2005)
_LIKED = (2, 3)  # kinds of things, fewest and most


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What somebody told; empty or None: nothing of it. `children` by band of age, all that are left out are none."""

    preferences: tuple[str, ...]
    birthday: Birthday | None
    nearby: Nearby | None
    children: Mapping[str, int] | None


def profile(world: World, person: Person) -> Profile:
    """What the person tells, most of it soon after joining; who moved away may say later what is near by now."""
    chance, tells, archetype = world.chance_of(person.number, "profile"), archetypes.tells(), person.archetype
    return Profile(
        preferences=_preferences(archetype.categories, chance) if chance.random() < tells.preferences else (),
        birthday=_birthday(chance, tells.birth_year) if chance.random() < tells.birthday else None,
        nearby=_nearby(person, chance) if chance.random() < tells.nearby else None,
        children=_children(archetype.children, chance) if chance.random() < tells.household else None,
    )


def told_at(world: World, person: Person, told: Profile, *, joined_at: datetime, not_before: datetime) -> datetime:
    """When somebody tells it: soon after joining, or once there was a text to agree to; having moved, after that."""
    chance = world.chance_of(person.number, "told")
    at = max(joined_at, not_before if told.children is not None else joined_at)
    if told.nearby is Nearby.NEITHER and person.cause == "scene_changed" and person.since is not None:
        at = max(at, joined_at + (person.since - person.joined_on) + timedelta(days=chance.randint(3, 15)))
    return at + timedelta(minutes=chance.uniform(2, 9))


def _preferences(categories: Mapping[str, int], chance: random.Random) -> tuple[str, ...]:
    """What they buy most of the time, for the most part."""
    left = {name: weight for name, weight in categories.items() if name in CATEGORIES}
    liked: list[str] = []
    for _ in range(min(chance.randint(*_LIKED), len(left))):
        liked.append(weighted(chance, left))
        del left[liked[-1]]
    return tuple(liked)


def _birthday(chance: random.Random, with_year: float) -> Birthday:
    year = chance.randint(*_BORN)
    month = chance.randint(1, 12)
    day = chance.randint(1, calendar.monthrange(year, month)[1])
    return Birthday(month, day, year if chance.random() < with_year else None)


def _nearby(person: Person, chance: random.Random) -> Nearby:
    usual = Nearby(weighted(chance, person.archetype.near))
    has_moved = person.cause == "scene_changed" and chance.random() < archetypes.tells().moved
    return Nearby.NEITHER if has_moved else usual


def _children(part: float, chance: random.Random) -> Mapping[str, int]:
    if chance.random() >= part:
        return {}
    bands: dict[str, int] = {}
    for _ in range(chance.choice((1, 1, 2))):
        band = weighted(chance, archetypes.bands())
        bands[band] = bands.get(band, 0) + 1
    return bands
