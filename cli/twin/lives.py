"""What a member does from joining on: visits with purchases, browsing, refunds. Pure but for chance."""

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from app.kernel import clock
from cli.twin import archetypes
from cli.twin.archetypes import Archetype
from cli.twin.people import Person, World, weighted

DRIFT = 75  # days over which habits change before somebody stays away
EACH = 99  # coupons of one kind in a life at most, as the console's form lets a campaign give them
_SUNDAY = 6  # of the week that an ordinal 0 would stand in
_ODD = 5  # receipts end in whole jiao


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """A purchase in the store with this number of its category; `rebate_fen` is what a coupon took off."""

    at: datetime
    category: str
    store: int
    spend_fen: int
    rebate_fen: int
    refunded_at: datetime | None

    @property
    def amount_fen(self) -> int:
        """What was paid."""
        return self.spend_fen - self.rebate_fen


@dataclass(frozen=True, slots=True)
class Stay:
    """The car's time in the car park."""

    entered_at: datetime
    exited_at: datetime


@dataclass(slots=True)
class Life:
    """All that a member does, in the order of time; `claimed` are coupons taken and left, `coupons` all."""

    joined_at: datetime
    bought: list[Bought] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    browsed: list[datetime] = field(default_factory=list)
    claimed: list[tuple[datetime, str]] = field(default_factory=list)
    coupons: Counter[str] = field(default_factory=Counter)

    def may_have(self, category: str) -> bool:
        """Whether there is another coupon of the category for them; it is taken then."""
        if self.coupons[category] >= EACH:
            return False
        self.coupons[category] += 1
        return True


class Habits(NamedTuple):
    """How somebody lives on a day: their rates, changed by why and since when they stay away."""

    visits: float
    coupons: float
    basket: float
    browses: float
    categories: Mapping[str, int]


def live(world: World, person: Person, stores: Mapping[str, int], end: datetime) -> Life:
    """A member's life up to the end of the story. `stores` says how many there are of each category."""
    chance = world.chance_of(person.number, "life")
    usual = _usual(person.archetype, stores)
    weights = [7 * weight / 30 / sum(person.archetype.weekdays) for weight in person.archetype.weekdays]
    life = Life(joined_at=_moment(chance, person.archetype, person.joined_on))
    _visit(life, person, usual, stores, life.joined_at, chance)
    stays_same = person.since is None and not person.comes_once
    joined = person.joined_on.toordinal()
    for ordinal in range(joined + 1, world.last.toordinal() + 1):
        habits = usual if stays_same else _habits(person, date.fromordinal(ordinal), usual)
        visits = weights[(ordinal + _SUNDAY) % 7] * habits.visits
        dice = chance.random()
        if dice < visits:
            at = _moment(chance, person.archetype, date.fromordinal(ordinal))
            _visit(life, person, habits, stores, at, chance)
        elif dice < visits + habits.browses:
            midnight = clock.start_of_day(date.fromordinal(ordinal))
            _browse(life, habits, midnight + timedelta(hours=chance.uniform(8, 23)), chance)
    if person.cause == "bad_experience":
        _complain(life)
    return _until(life, end)


def _usual(archetype: Archetype, stores: Mapping[str, int]) -> Habits:
    """Categories that the mall has not are left out; where it has none of them, all of its own count alike."""
    known = {name: weight for name, weight in archetype.categories.items() if name in stores}
    categories = known or dict.fromkeys(stores, 1)
    return Habits(archetype.visits, archetype.coupons, archetype.basket, archetype.browses, categories)


def _habits(person: Person, day: date, usual: Habits) -> Habits:
    if person.comes_once:
        return usual._replace(visits=0, browses=0.004)
    if person.since is None:
        return usual
    left = (person.since - day).days
    if left <= 0:
        return _away(person, usual, -left)
    return _leaving(person, usual, left / DRIFT) if left < DRIFT else usual


def _leaving(person: Person, usual: Habits, left: float) -> Habits:
    """The last weeks, `left` of them falling from 1 to 0: each cause shows in another way."""
    gone = 1 - left
    if person.cause == "price":
        coupons = usual.coupons + (0.95 - usual.coupons) * gone
        return usual._replace(coupons=coupons, basket=usual.basket * (1 - 0.4 * gone))
    if person.cause == "scene_changed":
        return usual._replace(visits=usual.visits * (1 - 0.7 * gone))
    if person.cause == "interest_shifted":
        favourite = max(usual.categories, key=lambda name: usual.categories[name])
        others = {name: weight for name, weight in usual.categories.items() if name != favourite}
        return usual._replace(visits=usual.visits * (1 - 0.4 * gone), categories=others or usual.categories)
    return usual


def _away(person: Person, usual: Habits, days: int) -> Habits:
    """Nobody who stays away comes; who minds the price or wants something else still looks in for a while."""
    looks = person.cause in {"price", "interest_shifted"} and days < 2 * DRIFT
    return usual._replace(visits=0, browses=usual.browses if looks else 0)


def _moment(chance: random.Random, archetype: Archetype, day: date) -> datetime:
    hour = weighted(chance, archetype.hours)
    return clock.start_of_day(day) + timedelta(hours=hour, seconds=chance.randrange(3_600))


def _visit(
    life: Life, person: Person, habits: Habits, stores: Mapping[str, int], at: datetime, chance: random.Random
) -> None:
    archetype = person.archetype
    hours = chance.uniform(*archetype.stay)
    count = chance.randint(*archetype.stores)
    for number in range(count):
        moment = at + timedelta(hours=hours * (number + 0.7) / (count + 0.5), seconds=chance.randrange(300))
        life.bought.append(_buy(life, archetype, habits, stores, moment, chance))
    if person.plate is not None and chance.random() < archetype.drives / min(archetype.drives * 1.2, 1):
        came = at - timedelta(minutes=chance.randint(4, 12))
        life.stays.append(Stay(came, at + timedelta(hours=hours, minutes=20)))


def _buy(
    life: Life, archetype: Archetype, habits: Habits, stores: Mapping[str, int], at: datetime, chance: random.Random
) -> Bought:
    category = weighted(chance, habits.categories)
    usual = archetypes.tickets().get(category, archetypes.tickets()["other"])
    spend = max(int(usual * habits.basket * chance.lognormvariate(-0.08, 0.4)) // 10 * 10 - _ODD * 10, 500)
    rebate = archetypes.rebates().get(category)
    fits = rebate is not None and spend >= rebate.min_spend_fen and chance.random() < habits.coupons
    fits = fits and life.may_have(category)
    back = at + timedelta(days=chance.randint(1, 6)) if chance.random() < archetype.refunds else None
    return Bought(
        at=at,
        category=category,
        store=chance.randrange(stores[category]),
        spend_fen=spend,
        rebate_fen=rebate.face_fen if rebate is not None and fits else 0,
        refunded_at=back,
    )


def _browse(life: Life, habits: Habits, at: datetime, chance: random.Random) -> None:
    life.browsed.append(at)
    category = weighted(chance, habits.categories)
    if category in archetypes.rebates() and chance.random() < habits.coupons and life.may_have(category):
        life.claimed.append((at + timedelta(minutes=2), category))


def _complain(life: Life) -> None:
    """What was bought last is brought back the next day."""
    last = life.bought[-1]
    life.bought[-1] = replace(last, refunded_at=last.at + timedelta(days=1))


def _until(life: Life, end: datetime) -> Life:
    """Without what is still to come."""
    life.bought = [
        replace(one, refunded_at=None) if one.refunded_at is not None and one.refunded_at >= end else one
        for one in life.bought
        if one.at < end
    ]
    life.stays = [stay for stay in life.stays if stay.exited_at < end]
    life.browsed = [at for at in life.browsed if at < end]
    life.claimed = [(at, category) for at, category in life.claimed if at < end]
    return life
