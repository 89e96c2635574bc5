"""What tiers give by the calendar, for everybody: found for many at once, given to one at a time."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from app.benefits.tier_benefits import allowances, benefits
from app.flows.consequences.rewards import growing
from app.identity import queries
from app.identity.models import Member, MemberStatus
from app.identity.profiles import queries as profiles
from app.kernel import clock
from app.kernel.db import db
from app.tiers.standings import queries as standings


def list_missing(mall_id: int, *, after: int, now: datetime, limit: int) -> tuple[list[int], int | None]:
    """Who of so many members of a mall behind a number is due something, and the last looked at (None: no more)."""
    page: Sequence[int] = db.session.scalars(
        select(Member.id)
        .where(Member.home_mall_id == mall_id, Member.status == MemberStatus.MEMBER.value, Member.id > after)
        .order_by(Member.id)
        .limit(limit)
    ).all()
    today = clock.business_date(now)
    months = {one: birthday.month for one, birthday in profiles.birthdays_of(page).items()}
    missing = allowances.list_missing(
        standings.codes_of(page, now=now), benefits.in_force(mall_id, today), on=today, birth_months=months
    )
    return sorted(missing), page[-1] if page else None


def give_missing(member_id: int, *, now: datetime) -> int:
    """Give one member what they are due; nothing to who has left or was given it meanwhile. Returns how many."""
    member = queries.lock_member(member_id)
    if member.id != member_id or not queries.is_joined(member):
        return 0
    return len(growing.give_allowances(member, standings.stand_of(member.id, now=now).tier, now=now))


def find_work(mall_id: int, *, now: datetime) -> tuple[date, int] | None:
    """The day that is to be given in a mall, and up to whom it is; None when it is done, or no tier gives anything."""
    today = clock.business_date(now)
    if not benefits.in_force(mall_id, today).has_allowances:
        return None
    reached = allowances.reached_on(mall_id, today)
    return None if reached is None else (today, reached)
