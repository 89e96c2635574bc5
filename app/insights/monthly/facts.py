"""What each of the members did that a measure watches: expressions about the row of a base (`bases`).

Acts count under every number of a member (`numbers`, where the row has them); what was told of themselves goes along
with a merge, and stages are those of their own number.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    ColumnElement,
    Date,
    Integer,
    Numeric,
    any_,
    case,
    cast,
    distinct,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.benefits.coupons.models import Redemption
from app.identity.models import MemberPreference
from app.identity.profiles.models import MemberHousehold, MemberProfile
from app.identity.profiles.rules import WEIGHTS, Field
from app.insights.monthly.periods import Period
from app.invitations.models import Invitation, Why
from app.kernel import clock
from app.kernel.lists.days import day_of
from app.lifecycle.stages import moved
from app.lifecycle.stages.models import Stage, StageChange
from app.malls.models import Store
from app.purchases.models import Purchase
from app.tasks import newbie
from app.tasks.models import TaskCompletion
from app.timeline.models import PRESENCE, EventKind, TimelineEvent

Row = Any  # the columns of a base: member_id, home_mall_id, since; `numbers` of those with several

# What shows that a new member found something of use, besides joining itself [S0.17].
INTERACTIONS = PRESENCE | {EventKind.COUPON_CLAIMED, EventKind.BROWSED}
_YEAR = timedelta(days=365)


def is_theirs(number: Any, row: Row) -> ColumnElement[bool]:
    """Whether a row that stands under a number is of the base's member."""
    theirs: ColumnElement[bool] = number == (any_(row.numbers) if "numbers" in row else row.member_id)
    return theirs


def did(row: Row, days: int, kinds: Collection[EventKind] = PRESENCE) -> ColumnElement[int]:
    """Whether they were in the mall, or did one of these things, on one of so many days after the first."""
    one = TimelineEvent
    within = _between(one.occurred_at, _start(row.since + 1), _start(row.since + days + 1))
    return _yes(exists().where(is_theirs(one.member_id, row), one.kind.in_(sorted(kinds)), *within))


def bought_again(row: Row, days: int) -> ColumnElement[int]:
    """Whether they bought once more within so many days of their first purchase."""
    one = Purchase
    within = _between(one.occurred_at, _start(row.since), _start(row.since + days + 1))
    is_another = or_(~one.is_first, one.occurred_at > row.first_at)  # of two numbers each may have a first
    return _yes(exists().where(is_theirs(one.member_id, row), *within, is_another, *_counts()))


def bought(row: Row, days: int) -> ColumnElement[int]:
    """Whether they bought within so many days, the first among them."""
    one = Purchase
    within = _between(one.occurred_at, _start(row.since), _start(row.since + days + 1))
    return _yes(exists().where(is_theirs(one.member_id, row), *within, *_counts()))


def bought_across(row: Row, days: int) -> ColumnElement[int]:
    """Whether they bought in two categories or more within so many days of their first purchase, that one included."""
    return _yes(_categories(row, _start(row.since), _start(row.since + days + 1)) >= 2)


def count_visits(row: Row, period: Period) -> ColumnElement[int]:
    """On how many days of the period they were in the mall."""
    one = TimelineEvent
    return (
        select(func.count(distinct(day_of(one.occurred_at))))
        .where(
            is_theirs(one.member_id, row),
            one.kind.in_(sorted(PRESENCE)),
            *_between(one.occurred_at, period.start, period.end),
        )
        .scalar_subquery()
    )


def count_purchases(row: Row, period: Period) -> ColumnElement[int]:
    """How often they bought in the period; what was brought back wholly does not count."""
    one = Purchase
    within = _between(one.occurred_at, period.start, period.end)
    return select(func.count()).where(is_theirs(one.member_id, row), *within, *_counts()).scalar_subquery()


def count_categories(row: Row, period: Period) -> ColumnElement[int]:
    """In how many categories they bought in the period."""
    return _categories(row, period.start, period.end)


def count_friends(row: Row, period: Period) -> ColumnElement[int]:
    """How many friends joined by their invitation in the period; who turned out to be themselves is none."""
    one = Invitation
    counts = or_(one.why.is_(None), one.why != Why.SAME_PERSON.value)
    within = _between(one.joined_at, period.start, period.end)
    return select(func.count()).where(is_theirs(one.inviter_id, row), counts, *within).scalar_subquery()


def used_benefit(row: Row, period: Period) -> ColumnElement[int]:
    """Whether they used a benefit in the period that was not given back."""
    one = Redemption
    within = _between(one.redeemed_at, period.start, period.end)
    return _yes(exists().where(is_theirs(one.member_id, row), one.reversed_at.is_(None), *within))


def days_between_purchases(row: Row, period: Period) -> ColumnElement[Any]:
    """How many days lay between their days of purchase, over a year up to the period's end; None for fewer than two."""
    one = Purchase
    day = day_of(one.occurred_at)
    days, span = func.count(distinct(day)), cast(func.max(day) - func.min(day), Integer)
    within = _between(one.occurred_at, period.end - _YEAR, period.end)
    return (
        select(case((days > 1, cast(span, Numeric) / func.nullif(days - 1, 0))))
        .where(is_theirs(one.member_id, row), *within, *_counts())
        .scalar_subquery()
    )


def completeness_percent(row: Row) -> ColumnElement[Any]:
    """How much of their profile they have told by now, in per cent."""
    profile, household, preference = MemberProfile, MemberHousehold, MemberPreference
    told = {
        Field.PREFERENCES: exists().where(preference.member_id == row.member_id),
        Field.BIRTHDAY: exists().where(profile.member_id == row.member_id, profile.birth_month.is_not(None)),
        Field.NEARBY: exists().where(profile.member_id == row.member_id, profile.nearby.is_not(None)),
        Field.HOUSEHOLD: exists().where(household.member_id == row.member_id),
    }
    parts = [case((told[field], weight), else_=0) for field, weight in WEIGHTS.items()]
    return cast(sum(parts[1:], start=parts[0]), Numeric) / 100


def did_tasks(row: Row, days: int, codes: Sequence[str] = newbie.CODES) -> ColumnElement[int]:
    """Whether they did all of these tasks by the end of so many days after the first."""
    one = TaskCompletion
    done = select(func.count(distinct(one.task_code))).where(
        is_theirs(one.member_id, row), one.task_code.in_(codes), one.completed_at < _start(row.since + days + 1)
    )
    return _yes(done.scalar_subquery() == len(codes))


def moved_to(row: Row, days: int, stages: Sequence[Stage]) -> ColumnElement[int]:
    """Whether they came to one of the stages within so many days."""
    one = StageChange
    within = one.day.between(row.since, row.since + days)
    return _yes(exists().where(one.member_id == row.member_id, within, one.stage.in_([code.value for code in stages])))


def stood_in(row: Row, period: Period, stages: Sequence[Stage]) -> ColumnElement[int]:
    """Whether they stood in one of the stages when the period ended."""
    return _yes(moved.stage_at(row.member_id, period.last).in_([stage.value for stage in stages]))


def _categories(row: Row, since: Any, until: Any) -> ColumnElement[int]:
    one = Purchase
    return (
        select(func.count(distinct(Store.category_code)))
        .select_from(one)
        .join(Store, Store.id == one.store_id)
        .where(is_theirs(one.member_id, row), *_between(one.occurred_at, since, until), *_counts())
        .scalar_subquery()
    )


def _counts() -> tuple[ColumnElement[bool], ...]:
    """A receipt is a purchase, and was not brought back wholly."""
    refund = aliased(Purchase, name="refund")
    refunded = (
        select(func.sum(refund.amount_fen))
        .where(refund.member_id == Purchase.member_id, refund.refund_of_id == Purchase.id)
        .correlate(Purchase)
        .scalar_subquery()
    )
    is_kept = or_(refunded.is_(None), Purchase.amount_fen + refunded > 0)
    return Purchase.refund_of_id.is_(None), is_kept


def _start(day: ColumnElement[Any]) -> ColumnElement[datetime]:
    """The moment at which the mall's day of an expression begins."""
    return func.timezone(clock.MALL_ZONE.key, cast(cast(day, Date), TIMESTAMP))


def _between(moment: Any, since: Any, until: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return moment >= since, moment < until


def _yes(whether: ColumnElement[bool]) -> ColumnElement[int]:
    return case((whether, 1), else_=0)
