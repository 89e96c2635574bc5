"""People of the twin who scanned a code at an entrance and did not join."""

from collections.abc import Sequence
from datetime import datetime

from app.entrances.models import Entrance
from app.flows.members import joining
from app.flows.members.joining import Arrival
from app.identity import bulk as identity_bulk
from app.identity.models import IdentityKind
from cli.twin import archetypes, scanning
from cli.twin.people import World


def make(world: World, mall_id: int, doors: Sequence[Entrance], *, end: datetime) -> int:
    """Let those who are not here yet be seen, each at a moment of the story; returns how many that were."""
    number_of_them = world.members * archetypes.scanning().visitors // 100
    people = [f"twin-{world.seed}-{number}" for number in range(number_of_them)]
    here = identity_bulk.find_owners(IdentityKind.UNIONID, people)
    seen = 0
    for number, unionid in enumerate(people):
        at, arrival = _arrive(world, number, unionid, doors)
        if at < end and unionid not in here:
            joining.recognise_member({IdentityKind.UNIONID: unionid}, arrival=arrival, home_mall_id=mall_id, now=at)
            seen += 1
    return seen


def _arrive(world: World, number: int, unionid: str, doors: Sequence[Entrance]) -> tuple[datetime, Arrival | None]:
    """When somebody comes by which entrance; where there is none they are seen all the same."""
    chance = world.chance_of(number, "visitor")
    at = scanning.moment(chance, world)
    return at, Arrival(entrance=scanning.choose(chance, doors), visit_key=unionid) if doors else None
