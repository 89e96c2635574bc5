"""Who joined through a mall's entrances in a week, and what became of them since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, FromClause, Select, case, cast, func, literal_column, select, union

from app.benefits.coupons.models import Coupon, Redemption
from app.contacts import reach
from app.entrances.models import Entrance
from app.identity.models import Member
from app.kernel.db import db
from app.kernel.fastpath.working_tables import working_table
from app.kernel.lists.days import day_of
from app.lifecycle.values.models import MemberValue
from app.malls import queries as malls
from app.outreach.consents import allowing
from app.purchases.models import Purchase


@dataclass(frozen=True, slots=True)
class Joiners:
    """Those of one entrance, as `models._Week` describes them."""

    joined: int = 0
    reachable: int = 0
    bought: int = 0
    spend_fen: int = 0
    margin_fen: int = 0


def count(mall_id: int, since: datetime, until: datetime) -> Mapping[int, Joiners]:
    """By entrance, those who joined from a moment up to another.

    Purchases count under the number they were made with: of who was found to be another, until then.
    """
    with working_table("joiners", _joined(mall_id, since, until)) as joiners:
        rows = db.session.execute(_summed(joiners)).all()
    return {row.entrance_id: Joiners(*map(int, row[1:])) for row in rows}


def _joined(mall_id: int, since: datetime, until: datetime) -> Select[Any]:
    one = Member
    return (
        select(
            one.id.label("member_id"),
            func.coalesce(one.merged_into_id, one.id).label("person_id"),
            one.join_entrance_id.label("entrance_id"),
            one.joined_at,
        )
        .join(Entrance, Entrance.id == one.join_entrance_id)
        .where(
            Entrance.mall_id == mall_id,
            # The index of those who joined begins with the mall where they were first seen.
            one.home_mall_id.in_([mall.id for mall in malls.list_malls()]),
            one.joined_at >= since,
            one.joined_at < until,
        )
    )


def _summed(joiners: FromClause) -> Select[Any]:
    own = joiners.c
    reached, spent, earned = _reached().subquery("reached"), _spent(joiners).subquery(), _earned(joiners).subquery()
    return (
        select(
            own.entrance_id,
            func.count(),
            func.count(reached.c.member_id),
            func.count().filter(spent.c.purchases > 0),
            cast(func.coalesce(func.sum(spent.c.fen), 0), BigInteger),
            cast(func.coalesce(func.sum(earned.c.fen), 0), BigInteger),
        )
        .select_from(
            joiners.outerjoin(reached, reached.c.member_id == own.person_id)
            .outerjoin(spent, spent.c.member_id == own.member_id)
            .outerjoin(earned, earned.c.member_id == own.member_id)
        )
        .group_by(own.entrance_id)
    )


def _reached() -> Any:
    """Whom the mall can write to: friends of its staff and members of its groups in WeCom, and who allows a message."""
    return union(reach.select_reachable(), allowing.select_allowing())


def _spent(joiners: FromClause) -> Select[Any]:
    one, own = Purchase, joiners.c
    return (
        select(
            own.member_id,
            func.sum(one.amount_fen).label("fen"),
            func.count(case((one.refund_of_id.is_(None), 1))).label("purchases"),
        )
        .join(one, one.member_id == own.member_id)
        .where(one.occurred_at >= own.joined_at)
        .group_by(own.member_id)
    )


def _earned(joiners: FromClause) -> Select[Any]:
    one, own = MemberValue, joiners.c
    return (
        select(own.member_id, func.sum(one.margin_fen).label("fen"))
        .join(one, one.member_id == own.member_id)
        .where(one.day >= day_of(own.joined_at))
        .group_by(own.member_id)
    )


def sum_benefits(mall_id: int, since: datetime, until: datetime) -> Mapping[int, int]:
    """By entrance, what the mall has paid by now for benefits that were given for joining in that time, in fen."""
    one, used = Coupon, Redemption
    rows = db.session.execute(
        select(one.entrance_id, cast(func.sum(used.mall_fen), BigInteger))
        .join(used, (used.member_id == one.member_id) & (used.coupon_id == one.id))
        .where(
            one.mall_id == mall_id,
            one.issued_at >= since,
            one.issued_at < until,
            # In the words of the index that has these alone.
            one.trigger == literal_column("'join'"),
            one.entrance_id.is_not(None),
            one.status == literal_column("'redeemed'"),
            used.reversed_at.is_(None),
        )
        .group_by(one.entrance_id)
    )
    return {int(entrance_id or 0): int(fen) for entrance_id, fen in rows}
