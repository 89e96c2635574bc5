"""The mall as the twin needs it, and some of the members with what they do there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.access.machines.models import Machine
from app.benefits.campaigns.models import Campaign
from app.entrances.models import Entrance
from app.flows.history.outcomes import Outcome
from app.malls.models import Mall, Store
from app.parking.car_parks.models import CarPark
from cli.twin.lives import Life
from cli.twin.people import Person

SOURCE = "twin"


@dataclass(slots=True)
class Stage:
    """The mall as the twin needs it: stores and coupons by category, and a car park, a till and entrances if there are
    any.
    """

    mall: Mall
    stores: Mapping[str, Sequence[Store]]
    campaigns: Mapping[str, Campaign]
    car_park: CarPark | None
    till: Machine | None
    doors: Sequence[Entrance]


@dataclass(frozen=True, slots=True)
class Cast:
    """Some of the members with what they do, and the ids they have now."""

    people: Sequence[tuple[Person, Life]]
    ids: Mapping[str, int]

    def each(self) -> Iterable[tuple[int, Person, Life]]:
        """Everybody with their id."""
        return ((self.ids[person.card_no], person, life) for person, life in self.people)


def ensure_all_new(found: Sequence[Outcome]) -> None:
    """What the twin makes up is sound and its own, or it is wrong."""
    for outcome in found:
        if outcome.error is not None:
            raise outcome.error
