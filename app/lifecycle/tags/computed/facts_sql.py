"""What tags rest on: sums per person over the window, worked out by the database and kept for one transaction.

Each table of facts is read once. Every sum stands beside the same one weighed by age (`weighed`). A purchase that was
refunded wholly does not count. Rows of merged members count for who they are now.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Select,
    Table,
    Text,
    and_,
    cast,
    func,
    insert,
    or_,
    select,
    text,
)

from app.behaviour.models import BehaviourEvent, BehaviourKind
from app.identity import people
from app.kernel import clock
from app.kernel.db import db, table_of, take_long
from app.kernel.fastpath.working_tables import temporary_table
from app.kernel.lists.days import day_of
from app.lifecycle.tags.computed import visits_sql
from app.lifecycle.tags.computed.rules import Thresholds
from app.lifecycle.tags.computed.window import Window, each, sum_where
from app.malls.models import Store
from app.purchases.models import Purchase

_PURCHASES, _STORES, _BEHAVIOUR = map(table_of, (Purchase, Store, BehaviourEvent))


@dataclass(frozen=True, slots=True)
class Sources:
    """Rows of packages that lifecycle does not see, handed in by who does.

    `discounts`: member_id, at, fen that a coupon spared in a store. `stays`: member_id, at, minutes of a car in a car
    park, None for one whose end is not known.
    """

    discounts: Select[Any]
    stays: Select[Any]


def _temporary(name: str, *columns: Column[Any]) -> Table:
    return temporary_table(name, Column("member_id", BigInteger, nullable=False), *columns)


# A row for all purchases of a person (no dimension set), and one for each category, merchant and floor.
BOUGHT = _temporary(
    "tag_purchases",
    Column("category", Text),
    Column("brand", Text),
    Column("zone", Text),
    Column("times", BigInteger, nullable=False),
    Column("weighed", Double, nullable=False),
    Column("paid_fen", BigInteger, nullable=False),
    Column("paid_weighed", Double, nullable=False),
)
# A row for all days with a visit (no dimension set), and one for each part of the week and of the day.
VISITED = _temporary(
    "tag_visits",
    Column("week", Text),
    Column("hours", Text),
    Column("times", BigInteger, nullable=False),
    Column("weighed", Double, nullable=False),
    Column("parked", BigInteger, nullable=False),
    Column("parked_weighed", Double, nullable=False),
    Column("stays", BigInteger, nullable=False),
    Column("stays_weighed", Double, nullable=False),
    Column("minutes", BigInteger, nullable=False),
    Column("browsed", BigInteger, nullable=False),
    Column("browsed_weighed", Double, nullable=False),
)
SPARED = _temporary(
    "tag_discounts",
    Column("times", BigInteger, nullable=False),
    Column("fen", BigInteger, nullable=False),
    Column("fen_weighed", Double, nullable=False),
)
BROWSED = _temporary(
    "tag_browsing",
    Column("days", BigInteger, nullable=False),
    Column("days_weighed", Double, nullable=False),
    Column("pages", BigInteger, nullable=False),
    Column("shares", BigInteger, nullable=False),
    Column("shares_weighed", Double, nullable=False),
)


def collect(by: Thresholds, *, as_of: date, sources: Sources) -> None:
    """Fill the tables with everybody's sums over the window that ends with the day."""
    take_long()
    window = Window(as_of, by, people.as_rows(people.list_numbers().items()))
    _fill(BOUGHT, _purchases(window))
    _fill(VISITED, visits_sql.visits(window, sources.stays))
    _fill(SPARED, _discounts(window, sources.discounts))
    _fill(BROWSED, _browsing(window))


def _fill(table: Table, rows: Select[Any]) -> None:
    db.session.execute(text(f"DROP TABLE IF EXISTS {table.name}"))
    table.create(db.session.connection(), checkfirst=False)
    db.session.execute(insert(table).from_select([one.name for one in table.columns], rows))
    db.session.execute(text(f"ANALYZE {table.name}"))


def _purchases(window: Window) -> Select[Any]:
    one, stores = _PURCHASES.c, _STORES.c
    refunded = (
        select(one.member_id, one.refund_of_id, cast(func.sum(one.amount_fen), BigInteger).label("fen"))
        .where(one.refund_of_id.is_not(None), window.holds(one.occurred_at))
        .group_by(one.member_id, one.refund_of_id)
        .subquery("refunded")
    )
    is_its_refund = and_(refunded.c.member_id == one.member_id, refunded.c.refund_of_id == one.id)
    kept = one.amount_fen + func.coalesce(refunded.c.fen, 0)
    rows = (
        select(
            window.person(one.member_id),
            stores.category_code.label("category"),
            cast(one.merchant_id, Text).label("brand"),
            func.concat(one.mall_id, ":", stores.floor).label("zone"),
            kept.label("fen"),
            window.weight(day_of(one.occurred_at)).label("weight"),
        )
        .select_from(
            _PURCHASES.join(_STORES, stores.id == one.store_id)
            .outerjoin(refunded, is_its_refund)
            .outerjoin(window.numbers, window.is_number_of(one.member_id))
        )
        .where(one.refund_of_id.is_(None), window.holds(one.occurred_at), or_(refunded.c.fen.is_(None), kept > 0))
        .subquery("rows")
    ).c
    return select(
        rows.person_id,
        rows.category,
        rows.brand,
        rows.zone,
        func.count(),
        func.sum(rows.weight),
        cast(func.sum(rows.fen), BigInteger),
        func.sum(rows.fen * rows.weight),
    ).group_by(each(rows.person_id, rows.category, rows.brand, rows.zone))


def _discounts(window: Window, discounts: Select[Any]) -> Select[Any]:
    one = discounts.subquery("discounts").c
    person = window.person(one.member_id)
    return (
        select(
            person,
            func.count(),
            cast(func.sum(one.fen), BigInteger),
            func.sum(one.fen * window.weight(day_of(one.at))),
        )
        .outerjoin(window.numbers, window.is_number_of(one.member_id))
        .where(window.holds(one.at))
        .group_by(person)
    )


def _browsing(window: Window) -> Select[Any]:
    """What the mini-program's events say; partitions of months before the window are not read."""
    one = _BEHAVIOUR.c
    person, day = window.person(one.member_id), day_of(one.occurred_at).label("day")
    days = (
        select(
            person,
            day,
            func.count().filter(one.kind == BehaviourKind.PAGE.value).label("pages"),
            func.count().filter(one.kind == BehaviourKind.SHARE.value).label("shares"),
        )
        .select_from(_BEHAVIOUR.outerjoin(window.numbers, window.is_number_of(one.member_id)))
        .where(one.month >= clock.first_of_month(window.first), window.holds(one.occurred_at))
        .group_by(person, day)
        .subquery("days")
    ).c
    weight = window.weight(days.day)
    return select(
        days.person_id,
        func.count().filter(days.pages > 0),
        sum_where(weight, days.pages > 0),
        cast(func.sum(days.pages), BigInteger),
        cast(func.sum(days.shares), BigInteger),
        func.sum(days.shares * weight),
    ).group_by(days.person_id)
