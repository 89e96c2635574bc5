"""A member of a group whose tiers hold for a year, and what is asked of them."""

from datetime import date, datetime, timedelta

from app.identity.models import Member
from app.kernel import clock
from app.kernel.facts import Fact
from app.kernel.reasons import note
from app.tiers import crediting
from app.tiers.ladders import ladders
from app.tiers.ladders.rules import AtEnd, Ladder, Rung
from app.tiers.standings import queries
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.support.clock import StillClock

RUNGS = (Rung("silver", "银卡", 0), Rung("gold", "金卡", 2_000), Rung("platinum", "铂金卡", 10_000))
YEARLY = Ladder(RUNGS, 12, AtEnd.ONE_DOWN)
BEGUN = date(2026, 3, 1)


def begin(still: StillClock) -> Member:
    """Somebody who joins as the ladder begins."""
    still.set(at(BEGUN))
    ladders.begin_with(YEARLY, now=still.now)
    return make_member(make_mall())


def at(day: date) -> datetime:
    return clock.start_of_day(day) + timedelta(hours=10)


def grow(member: Member, growth: int, fact: str, day: date) -> str | None:
    return crediting.credit(member.id, growth=growth, reason=note("试"), fact=Fact(fact), now=at(day)).risen_to


def stands(member: Member, day: date) -> str:
    return queries.stand_of(member.id, now=at(day)).tier
