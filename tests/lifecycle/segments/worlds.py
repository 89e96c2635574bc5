"""A small random world twice: as rows, and as plain facts of persons, from which a definition is judged without SQL."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from app.identity.models import IdentityKind, Member, MemberIdentity, MemberPreference, MemberStatus
from app.identity.profiles.models import MemberHousehold, MemberProfile
from app.identity.profiles.rules import BANDS
from app.kernel import clock
from app.kernel.db import db
from app.malls.models import Mall, Store
from app.purchases.models import Purchase
from app.tiers.growth.models import GrowthAccount
from app.tiers.standings.models import TierStanding, Why
from app.timeline.models import EventKind, TimelineEvent
from tests.builders.malls import make_mall, make_store
from tests.builders.tasks import make_tiers

TODAY = date(2027, 2, 20)
NOW = clock.start_of_day(TODAY) + timedelta(hours=15, minutes=30)
LIKES = ("kids", "dining", "fashion")
ACTS = (EventKind.VISITED.value, EventKind.BROWSED.value, EventKind.PARKING_PAID.value)
CATEGORIES = ("dining", "fashion", "kids")
_numbers = count(1)


@dataclass(frozen=True)
class Bought:
    """A purchase, and its refunds as days with amounts (< 0)."""

    day: date
    fen: int
    store_id: int
    category: str
    refunds: tuple[tuple[date, int], ...] = ()

    @property
    def counts(self) -> bool:
        return not self.refunds or self.fen + sum(fen for _, fen in self.refunds) > 0


@dataclass
class Person:
    """All that is known of somebody, under whatever number it was written."""

    id: int
    mall_id: int
    joined_on: date
    status: str = MemberStatus.MEMBER.value
    is_profiled: bool = True
    has_plate: bool = False
    growth: int | None = None
    birthday: tuple[int, int] | None = None
    nearby: str | None = None
    children: dict[str, int] = field(default_factory=dict)
    likes: set[str] = field(default_factory=set)
    bought: list[Bought] = field(default_factory=list)
    acts: list[tuple[str, date]] = field(default_factory=list)


@dataclass
class World:
    """Two malls and the persons of the group."""

    malls: list[Mall]
    stores: list[Store]
    persons: list[Person]


def make(seed: int, *, persons: int = 24) -> World:
    """The rows and the facts; some persons have two numbers or three, one has left, one is a visitor."""
    chance = Random(seed)
    make_tiers()
    malls = [make_mall(), make_mall()]
    stores = [make_store(chance.choice(malls), category_code=category) for category in CATEGORIES for _ in range(2)]
    world = World(malls, stores, [])
    for place in range(persons):
        person = _join(chance, chance.choice(malls))
        _tell(chance, person)
        for number in [person.id, *(_merge(chance, person) if place % 5 == 0 else ())]:
            _act(chance, person, number, stores)
        world.persons.append(person)
    _end(world.persons[1], MemberStatus.CLOSED, closed_at=NOW)
    _end(world.persons[2], MemberStatus.VISITOR)
    db.session.flush()
    return world


def _at(chance: Random, day: date) -> datetime:
    """Any moment of the mall's day, its first and last ones among them."""
    seconds = chance.choice([0, 86_399, chance.randrange(86_400)])
    return min(clock.start_of_day(day) + timedelta(seconds=seconds), NOW)


def _day(chance: Random, most_days: int = 120) -> date:
    return TODAY - timedelta(days=chance.choice([0, 6, 7, 29, 30, chance.randrange(most_days)]))


def _row(mall_id: int, **facts: object) -> Member:
    member = Member(
        **{
            "public_id": f"world-{next(_numbers)}",
            "status": MemberStatus.MEMBER.value,
            "home_mall_id": mall_id,
            "joined_at": NOW,
            "created_at": NOW,
        }
        | facts
    )
    db.session.add(member)
    db.session.flush()
    return member


def _join(chance: Random, mall: Mall) -> Person:
    joined_on = _day(chance, 400)
    member = _row(mall.id, joined_at=_at(chance, joined_on))
    return Person(member.id, mall.id, joined_on)


def _end(person: Person, status: MemberStatus, **facts: object) -> None:
    person.status = status.value
    member = db.session.get(Member, person.id)
    assert member is not None
    member.status = status.value
    for name, value in facts.items():
        setattr(member, name, value)


def _merge(chance: Random, person: Person) -> list[int]:
    """Numbers of one or two that turned out to be the person, the second by way of the first."""
    first = _row(person.mall_id, status=MemberStatus.MERGED.value, merged_into_id=person.id)
    if chance.random() < 0.5:
        return [first.id]
    return [first.id, _row(person.mall_id, status=MemberStatus.MERGED.value, merged_into_id=first.id).id]


def _tell(chance: Random, person: Person) -> None:
    person.is_profiled = chance.random() < 0.8
    person.has_plate = chance.random() < 0.5
    person.growth = chance.choice([None, 0, 1_999, 2_000])
    person.likes = set(chance.sample(LIKES, chance.randrange(3)))
    if chance.random() < 0.7:
        person.birthday = chance.choice([(2, 28), (2, 29), (2, 20), (3, 1), (1, 5), (12, 31)])
        person.nearby = chance.choice([None, "home", "office"])
    if chance.random() < 0.5:
        person.children = {band: chance.randrange(2) for band in BANDS}
        db.session.add(MemberHousehold(member_id=person.id, told_at=NOW, **person.children))
    if person.birthday or not person.is_profiled:
        month, day = person.birthday or (None, None)
        off_at, first_on = (None if person.is_profiled else NOW), (TODAY if person.birthday else None)
        db.session.add(
            MemberProfile(
                member_id=person.id,
                birth_month=month,
                birth_day=day,
                birthday_first_on=first_on,
                nearby=person.nearby,
                skipped=[],
                profiling_off_at=off_at,
                changed_at=NOW,
            )
        )
    if person.growth is not None:
        db.session.add(GrowthAccount(member_id=person.id, growth=person.growth))
    if (person.growth or 0) >= 2_000:
        standing = {"tier_code": "gold", "began_at": NOW, "why": Why.RISEN.value, "counted": person.growth}
        db.session.add(TierStanding(member_id=person.id, **standing))
    db.session.add_all(MemberPreference(member_id=person.id, category=one, chosen_at=NOW) for one in person.likes)
    if person.has_plate:
        plate = f"沪A{next(_numbers):05d}"
        db.session.add(MemberIdentity(kind=IdentityKind.PLATE.value, value=plate, member_id=person.id, bound_at=NOW))


def _act(chance: Random, person: Person, number: int, stores: list[Store]) -> None:
    for _ in range(chance.randrange(4)):
        kind, day = chance.choice(ACTS), _day(chance)
        db.session.add(
            TimelineEvent(
                member_id=number,
                kind=kind,
                fact=f"world:{next(_numbers)}",
                occurred_at=_at(chance, day),
                mall_id=person.mall_id,
                source="",
            )
        )
        person.acts.append((kind, day))
    for _ in range(chance.randrange(4)):
        person.bought.append(_buy(chance, number, chance.choice(stores)))


def _buy(chance: Random, number: int, store: Store) -> Bought:
    day, fen = _day(chance), chance.choice([0, 5_000, 12_000, 30_000])
    purchase = _receipt(number, store, _at(chance, day), fen)
    refunds: list[tuple[date, int]] = []
    for share in chance.choice([(), (), (1,), (2,), (2, 2)]):
        refund_day = min(day + timedelta(days=chance.choice([0, 3])), TODAY)
        _receipt(number, store, _at(chance, refund_day), -fen // share, refund_of_id=purchase.id)
        refunds.append((refund_day, -fen // share))
    return Bought(day, fen, store.id, store.category_code, tuple(refunds))


def _receipt(number: int, store: Store, at: datetime, fen: int, refund_of_id: int | None = None) -> Purchase:
    purchase = Purchase(
        member_id=number,
        source="world",
        receipt_no=f"W{next(_numbers)}",
        mall_id=store.mall_id,
        merchant_id=store.merchant_id,
        store_id=store.id,
        occurred_at=at,
        amount_fen=fen,
        refund_of_id=refund_of_id,
        is_first=False,
        recorded_at=NOW,
    )
    db.session.add(purchase)
    db.session.flush()
    return purchase
