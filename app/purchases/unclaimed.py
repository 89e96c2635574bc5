"""Receipts that nobody claimed: a day after a store's day, people are asked what became of them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select

from app.access.models import Role
from app.cases import cases
from app.cases import queries as case_queries
from app.cases.kinds import CaseKind
from app.kernel import clock
from app.kernel.db import db
from app.kernel.lists.days import day_of
from app.malls.models import Store
from app.purchases.models import InboxReceipt

RECEIPTS_UNCLAIMED = CaseKind(
    code="receipts_unclaimed",
    role=Role.OPERATIONS,
    within=timedelta(days=3),
    outcomes={"till_instructed": None, "till_repaired": None, "no_members": None},
)
# Older days are history: an import is not asked about.
LOOK_BACK = timedelta(days=7)


def raise_cases(*, now: datetime, limit: int) -> int:
    """Ask about every store and day whose unowned receipts have all been here for a day; returns how many were new.

    One case for a store's day, not one for each receipt: who did not show their card is asked of the store once.
    """
    found = {_subject(row): row for row in _list_days(now)}
    new = case_queries.list_new(RECEIPTS_UNCLAIMED, found.keys(), limit=limit)
    return sum(_ask(subject, found[subject], now=now) for subject in new)


def _list_days(now: datetime) -> list[Row[Any]]:
    """For each store and day of receiving: how many purchases, and their sum in fen."""
    until = clock.start_of_day(clock.business_date(now) - timedelta(days=1))
    day = day_of(InboxReceipt.recorded_at).label("day")
    return list(
        db.session.execute(
            select(
                InboxReceipt.store_id,
                InboxReceipt.mall_id,
                Store.name.label("store"),
                day,
                func.count().label("receipts"),
                func.sum(InboxReceipt.amount_fen).label("amount_fen"),
            )
            .join(Store, Store.id == InboxReceipt.store_id)
            .where(
                InboxReceipt.recorded_at >= until - LOOK_BACK,
                InboxReceipt.recorded_at < until,
                InboxReceipt.refund_of.is_(None),
                InboxReceipt.dismissed_at.is_(None),
            )
            .group_by(InboxReceipt.store_id, InboxReceipt.mall_id, Store.name, day)
        )
    )


def _subject(row: Row[Any]) -> str:
    return f"receipt_inbox:{row.store_id}:{row.day}"


def _ask(subject: str, row: Row[Any], *, now: datetime) -> bool:
    day: date = row.day
    return cases.raise_case(
        RECEIPTS_UNCLAIMED,
        subject,
        mall_id=row.mall_id,
        reason="nobody_known",
        facts={"store": row.store, "receipts": row.receipts, "amount_fen": int(row.amount_fen), "day": day.isoformat()},
        evidence=[subject, f"store:{row.store_id}"],
        now=now,
    )
