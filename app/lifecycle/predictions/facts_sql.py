"""The facts of predictions: days with purchases per person, worked out by the database and kept for one transaction.

Receipts of one day are one purchase. A purchase that was refunded wholly does not count, one that was free does; a
refund takes from the day of its purchase. Whoever switched profiling off, has left or never joined is not in it.
"""

from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Double,
    Select,
    and_,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    text,
)

from app.identity.models import Member, MemberStatus
from app.identity.people import as_rows, list_numbers
from app.identity.profiles import queries as profiles
from app.kernel import clock
from app.kernel.db import db, table_of, take_long
from app.kernel.fastpath.working_tables import temporary_table
from app.kernel.lists.days import day_of
from app.lifecycle.predictions.rules import Group, Spending
from app.purchases.models import Purchase

_PURCHASES, _MEMBERS = table_of(Purchase), table_of(Member)
_BINS = 100  # averages are put together that differ by less than a hundredth

# A person's days with purchases: how many, on how many of them they paid, from when to when, and how much in all.
BOUGHT = temporary_table(
    "bought_by_person",
    Column("member_id", BigInteger, primary_key=True),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("purchase_days", BigInteger, nullable=False),
    Column("paying_days", BigInteger, nullable=False),
    Column("spend_fen", BigInteger, nullable=False),
)


def repeats() -> Any:
    """Days with purchases after the first."""
    return BOUGHT.c.purchase_days - 1


def last_day() -> Any:
    """Days from the first purchase to the last."""
    return BOUGHT.c.last_on - BOUGHT.c.first_on


def days_seen(as_of: date) -> Any:
    """Days from the first purchase to the end of what is known."""
    return literal(as_of, Date) - BOUGHT.c.first_on


def collect(as_of: date) -> None:
    """Fill `BOUGHT` with everybody's facts as they were when the day was over."""
    take_long()
    db.session.execute(text(f"DROP TABLE IF EXISTS {BOUGHT.name}"))
    connection = db.session.connection()
    BOUGHT.create(connection, checkfirst=False)
    days = purchase_days(as_of).subquery("days")
    facts = (
        select(
            days.c.person_id,
            func.min(days.c.day),
            func.max(days.c.day),
            func.count(),
            func.count().filter(days.c.fen > 0),
            cast(func.sum(days.c.fen), BigInteger),
        )
        .join(_MEMBERS, _MEMBERS.c.id == days.c.person_id)
        .where(_MEMBERS.c.status == MemberStatus.MEMBER.value, profiles.is_profiled(_MEMBERS.c.id))
        .group_by(days.c.person_id)
    )
    db.session.execute(insert(BOUGHT).from_select([one.name for one in BOUGHT.columns], facts))
    db.session.execute(text(f"ANALYZE {BOUGHT.name}"))


def purchase_days(as_of: date) -> Select[Any]:
    """Everybody's days with purchases up to the day, each with what was paid: person_id, day, fen."""
    one, refunded, numbers = (
        _PURCHASES,
        _refunded(as_of).subquery("refunded"),
        as_rows(list_numbers().items()),
    )
    person = func.coalesce(numbers.c.person_id, one.c.member_id).label("person_id")
    day, given_back = day_of(one.c.occurred_at).label("day"), func.coalesce(refunded.c.fen, 0)
    return (
        select(person, day, cast(func.sum(one.c.amount_fen + given_back), BigInteger).label("fen"))
        .select_from(
            one.outerjoin(
                refunded, and_(refunded.c.member_id == one.c.member_id, refunded.c.refund_of_id == one.c.id)
            ).outerjoin(numbers, numbers.c.member_id == one.c.member_id)
        )
        .where(
            one.c.refund_of_id.is_(None),
            one.c.occurred_at < clock.end_of_day(as_of),
            or_(refunded.c.fen.is_(None), one.c.amount_fen + given_back > 0),
        )
        .group_by(person, day)
    )


def _refunded(as_of: date) -> Select[Any]:
    """How much (< 0) of each purchase was refunded when the day was over."""
    one = _PURCHASES
    return (
        select(one.c.member_id, one.c.refund_of_id, cast(func.sum(one.c.amount_fen), BigInteger).label("fen"))
        .where(one.c.refund_of_id.is_not(None), one.c.occurred_at < clock.end_of_day(as_of))
        .group_by(one.c.member_id, one.c.refund_of_id)
    )


def list_groups(as_of: date) -> list[Group]:
    """The persons in `BOUGHT`, those together who are alike."""
    alike = (repeats(), last_day(), days_seen(as_of))
    rows = db.session.execute(select(*alike, func.count()).group_by(*alike).order_by(*alike))
    return [Group(*row) for row in rows]


def list_spendings() -> list[Spending]:
    """What the persons in `BOUGHT` paid on average, put together by hundredths."""
    one = BOUGHT.c
    step = func.round(func.ln(cast(one.spend_fen, Double) / one.paying_days) * _BINS)
    average = func.exp(func.avg(func.ln(cast(one.spend_fen, Double) / one.paying_days)))
    rows = db.session.execute(
        select(one.paying_days, average, func.count())
        .where(one.paying_days > 0)
        .group_by(one.paying_days, step)
        .order_by(one.paying_days, step)
    )
    return [Spending(*row) for row in rows]


def count_members() -> int:
    """How many persons `BOUGHT` holds."""
    return db.session.execute(select(func.count()).select_from(BOUGHT)).scalar_one()
