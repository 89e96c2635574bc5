"""What the twin's members do in the mini-program: days on which they open it, and of late what they read and share."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from app.behaviour import bulk, months
from app.behaviour.models import BehaviourKind
from app.behaviour.rules import Event
from app.kernel import clock
from cli.twin.lives import Life
from cli.twin.people import Person, World
from cli.twin.stage import SOURCE, Cast

# Long enough for tags to follow; of what was before it the day alone is known.
_TOLD_FOR = timedelta(days=90)
_PAGES = {"card": 6, "coupons": 6, "stores": 5, "coupon": 4, "points": 3, "parking": 2, "tier": 1, "me": 1}


def make_months(world: World) -> None:
    """The months of which events are told."""
    month = clock.first_of_month(_told_since(world))
    while month <= world.last:
        months.make(month)
        month = clock.first_of_next_month(month)


def browse(cast: Cast, world: World, *, end: datetime) -> int:
    """Returns on how many days."""
    since, days = clock.start_of_day(_told_since(world)), 0
    for_days, told = list[tuple[int, datetime]](), list[tuple[int, Event]]()
    for member_id, one, life in cast.each():
        days += len(life.browsed)
        for_days += ((member_id, at) for at in life.browsed if at < since)
        told += ((member_id, event) for event in _acts(world, one, life, since) if event.occurred_at < end)
    bulk.record_days(for_days)
    bulk.record(told)
    return days


def _told_since(world: World) -> date:
    return max(world.first, world.last - _TOLD_FOR)


def _acts(world: World, person: Person, life: Life, since: datetime) -> Iterator[Event]:
    chance, habit, number = world.chance_of(person.number, "browsing"), person.archetype, 0
    for opened_at in (at for at in life.browsed if at >= since):
        pages = chance.choices(list(_PAGES), list(_PAGES.values()), k=chance.randint(*habit.pages))
        acts: list[tuple[BehaviourKind, str | None]] = [(BehaviourKind.OPEN, None)]
        acts += ((BehaviourKind.PAGE, page) for page in pages)
        if chance.random() < habit.shares:
            acts.append((BehaviourKind.SHARE, "invite"))
        for place, (kind, page) in enumerate(acts):
            at = opened_at + timedelta(seconds=8 * place)
            yield Event(f"{SOURCE}-{person.number:06}-{number:05}", kind, at, page, None, None, None, "")
            number += 1
