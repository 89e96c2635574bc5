"""Rehearsing rules of earning: past purchases of a mall earn once more, by the function that accrual calls.

Purchases are read with what was refunded of them since, and earn for what is left; each under the number of the member
with which it was written. A range of members is a part, so whether a member gains or loses is known within one.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Double, Select, and_, cast, func, literal, select

from app.flows.consequences.rewards import brands, earning
from app.flows.consequences.rewards.earning import PastPurchase
from app.kernel import clock
from app.kernel.db import db, take_long
from app.malls import queries as malls
from app.points.earning import documents
from app.points.earning.extras import Payer
from app.points.earning.rules import Breakdown, Rules
from app.points.rehearsals.models import EarningRehearsal
from app.points.rehearsals.rehearsals import Part
from app.points.rehearsals.results import Example, Result, Side, most
from app.purchases.models import Purchase

# About how many purchases are a part.
PART = 20_000


class _Row(NamedTuple):
    """A purchase that is rehearsed, with who sold it."""

    merchant_id: int
    purchase: PastPurchase


def ensure_payers(mall_id: int, rules: Rules, *, now: datetime) -> None:
    """Raises EarningBrandUnsettled for rules that let a brand pay with whom nothing can be settled today."""
    brands.ensure_settled(mall_id, rules, now=now)


def plan(rehearsal: EarningRehearsal) -> list[int]:
    """The last member number of each part but the last, so that parts have about as many purchases each."""
    take_long()
    within = _within(rehearsal)
    count = db.session.scalar(select(func.count()).select_from(Purchase).where(*within)) or 0
    parts = -(-count // PART)
    if parts <= 1:
        return []
    shares = cast(literal([number / parts for number in range(1, parts)], ARRAY(Double)), ARRAY(Double))
    bounds = func.percentile_disc(shares).within_group(Purchase.member_id)
    return sorted(set(db.session.scalar(select(bounds).where(*within)) or ()))


def count(rehearsal: EarningRehearsal, part: Part, *, now: datetime) -> Result:
    """What one part would have earned by the rules in force and by the others, with the parts before it."""
    take_long()
    rows = _read(rehearsal, part)
    sets = [documents.to_rules(document) for document in (rehearsal.old_document, rehearsal.document)]
    found = earning.replayed([row.purchase for row in rows], sets, now=now)
    result = Result.read(rehearsal.result)
    result.add(_sum(rows, found, sets))
    return result


def _sum(rows: Sequence[_Row], found: Sequence[tuple[Breakdown, ...]], sets: Sequence[Rules]) -> Result:
    old, new = (_side(rows, [each[at] for each in found], rules) for at, rules in enumerate(sets))
    points_of: dict[int, list[int]] = {}
    for row, (before, after) in zip(rows, found, strict=True):
        mine = points_of.setdefault(row.purchase.member_id, [0, 0])
        mine[0] += before.points
        mine[1] += after.points
    moved = [Example(member_id, *points) for member_id, points in points_of.items()]
    gains = [one for one in moved if one.new > one.old]
    losses = [one for one in moved if one.new < one.old]
    return Result(
        purchases=len(rows),
        amount_fen=sum(row.purchase.amount_fen for row in rows),
        old=old,
        new=new,
        members=len(points_of),
        better=len(gains),
        worse=len(losses),
        gains=most(gains),
        losses=most(losses),
    )


def _side(rows: Sequence[_Row], found: Sequence[Breakdown], rules: Rules) -> Side:
    payers, merchants, extras = Counter[str](), Counter[int](), Counter[int]()
    place_of = {id(extra): place for place, extra in enumerate(rules.extras)}  # parts hold the extras themselves
    for row, one in zip(rows, found, strict=True):
        for part in one.parts:
            payers[part.payer.value] += part.points
            if part.extra is not None:
                extras[place_of[id(part.extra)]] += part.points
        merchants[row.merchant_id] += one.paid_by(Payer.MERCHANT)
    return Side(points=sum(payers.values()), payers=payers, merchants=merchants, extras=extras)


def _read(rehearsal: EarningRehearsal, part: Part) -> list[_Row]:
    stores = {store.id: store for store in malls.list_stores(mall_id=rehearsal.mall_id)}
    return [
        _Row(
            row.merchant_id,
            PastPurchase(
                member_id=row.member_id,
                day=clock.business_date(row.occurred_at),
                amount_fen=max(row.kept_fen, 0),
                store_code=stores[row.store_id].code,
                category_code=stores[row.store_id].category_code,
                is_first=row.is_first,
            ),
        )
        for row in db.session.execute(_select(rehearsal, part))
    ]


def _select(rehearsal: EarningRehearsal, part: Part) -> Select[Any]:
    """The purchases of a part, each less what was refunded of it until now."""
    one, refund = Purchase, Purchase.__table__.alias("refund")
    of_part = _of_part(Purchase.member_id, part)
    refunds = (
        select(refund.c.member_id, refund.c.refund_of_id, func.sum(refund.c.amount_fen).label("fen"))
        .where(
            refund.c.mall_id == rehearsal.mall_id,
            refund.c.refund_of_id.is_not(None),
            refund.c.occurred_at >= clock.start_of_day(rehearsal.first_day),
            *_of_part(refund.c.member_id, part),
        )
        .group_by(refund.c.member_id, refund.c.refund_of_id)
        .subquery("refunds")
    )
    kept_fen = cast(one.amount_fen + func.coalesce(refunds.c.fen, 0), BigInteger)
    return (
        select(one.member_id, one.merchant_id, one.store_id, one.occurred_at, one.is_first, kept_fen.label("kept_fen"))
        .outerjoin(refunds, and_(refunds.c.member_id == one.member_id, refunds.c.refund_of_id == one.id))
        .where(*_within(rehearsal), *of_part)
    )


def _of_part(member_id: Any, part: Part) -> list[ColumnElement[bool]]:
    after = [] if part.after is None else [member_id > part.after]
    return [*after, *([] if part.last is None else [member_id <= part.last])]


def _within(rehearsal: EarningRehearsal) -> tuple[ColumnElement[bool], ...]:
    return _bought(rehearsal.mall_id, rehearsal.first_day, rehearsal.last_day)


def _bought(mall_id: int, first: date, last: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Purchase.mall_id == mall_id,
        Purchase.occurred_at >= clock.start_of_day(first),
        Purchase.occurred_at < clock.end_of_day(last),
        Purchase.refund_of_id.is_(None),
    )
