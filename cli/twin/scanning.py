"""Codes at the mall's entrances that people of the twin scan: to join, or only to look."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.entrances import bulk, entrances
from app.entrances.bulk import Opened
from app.entrances.models import Entrance
from app.flows.history.members import Scan
from app.kernel import clock
from cli.twin import archetypes
from cli.twin.lives import Life
from cli.twin.people import Person, World


def list_doors(mall_id: int) -> list[Entrance]:
    """The entrances whose codes hang in the mall."""
    return [one for one in entrances.list_entrances(mall_ids=[mall_id]) if one.active and one.kind != "invitation"]


def choose(chance: random.Random, doors: Sequence[Entrance]) -> Entrance:
    """One of the entrances, by the weight of its kind."""
    kinds = archetypes.scanning().kinds
    return chance.choices(doors, [kinds.get(door.kind, kinds["other"]) for door in doors])[0]


def moment(chance: random.Random, world: World) -> datetime:
    """While the mall is open, on some day of the story."""
    day = world.first + timedelta(days=chance.randrange(world.days))
    return clock.start_of_day(day) + timedelta(hours=chance.uniform(10, 21))


def scan_to_join(world: World, one: Person, life: Life, doors: Sequence[Entrance]) -> Scan | None:
    """The code that a member scanned a few minutes before joining, if they did."""
    chance = world.chance_of(one.number, "scan")
    if not doors or chance.random() >= archetypes.scanning().joining:
        return None
    at = life.joined_at - timedelta(seconds=chance.randint(40, 400))
    return Scan(choose(chance, doors), f"{one.card_no}-joining", at)


def look(world: World, people: Sequence[Person], doors: Sequence[Entrance], *, end: datetime) -> int:
    """Let codes be opened by nobody who is known, some for each of these members; returns how many times."""
    looks = [one for person in people for one in _looks(world, person, doors) if one.scanned_at < end]
    bulk.record(looks)
    return len(looks)


def _looks(world: World, person: Person, doors: Sequence[Entrance]) -> list[Opened]:
    if not doors:
        return []
    chance = world.chance_of(person.number, "look")
    whole, part = divmod(archetypes.scanning().lookers, 100)
    return [
        Opened(
            entrance=choose(chance, doors),
            visit_key=f"{person.card_no}-look-{number}",
            scanned_at=moment(chance, world),
        )
        for number in range(whole + (chance.randrange(100) < part))
    ]
