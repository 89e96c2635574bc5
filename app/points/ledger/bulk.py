"""Earning points by the thousand: what `ledger.accrue` does one by one, in a few statements; for imports."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, update

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.distribution import database
from app.kernel.facts import Fact
from app.kernel.fastpath import arrays
from app.kernel.fastpath.copies import copy_in, next_ids
from app.kernel.reasons import Reason
from app.points.expiry import policies
from app.points.ledger.day_sums import EARNED
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry, PointsLot


class Earned(NamedTuple):
    """Points (> 0) of a member for a fact that gave none before, earned on a day, why so many, and entered when."""

    member_id: int
    points: int
    reason: Reason
    fact: Fact
    mall_id: int
    store_id: int
    earned_on: date
    breakdown: Mapping[str, Any]
    at: datetime


@dataclass(slots=True)
class Account:
    """A locked account as it becomes."""

    available: int
    held: int
    debt: int

    @property
    def balance(self) -> int:
        """What entries say after a movement."""
        return self.available + self.held - self.debt

    def earn(self, points: int) -> int:
        """What is owed is paid first; returns how many points are left for a lot."""
        repaid = min(points, self.debt)
        self.debt -= repaid
        self.available += points - repaid
        return points - repaid


def accrue(earned: Sequence[Earned]) -> None:
    """Give points in the order of the list, each with its entry and lot; accounts are locked in ascending order.

    The members are locked. Raises IntegrityError when a fact has an entry already.
    """
    if not earned:
        return
    member_ids = {row.member_id for row in earned}
    known = lock_accounts(member_ids)
    opened = {member_id: Account(0, 0, 0) for member_id in member_ids - known.keys()}
    accounts = known | opened
    entries, lots = [], []
    policy_of = policies.load()
    for row, entry_id in zip(earned, next_ids(PointsEntry, len(earned)), strict=True):
        account = accounts[row.member_id]
        remaining = account.earn(row.points)
        entries.append(_entry(row, entry_id, account.balance))
        last_day = policy_of(row.earned_on).last_day(row.earned_on)
        lots.append((row.member_id, entry_id, row.points, remaining, last_day, False))
    copy_in(PointsEntry, _ENTRY, entries)
    marks.note_all(EARNED, ((row.mall_id, clock.business_date(row.at)) for row in earned))
    copy_in(PointsLot, _LOT, lots)
    _open_accounts(opened)
    change_accounts(known)


_ENTRY = (
    "member_id",
    "id",
    "kind",
    "points",
    "balance_after",
    "reason_code",
    "reason_facts",
    "breakdown",
    "fact",
    "mall_id",
    "store_id",
    "occurred_at",
)
_LOT = ("member_id", "entry_id", "points", "remaining_points", "expires_on", "is_grace")


def _entry(row: Earned, entry_id: int, balance: int) -> tuple[Any, ...]:
    """The values of `_ENTRY`; `balance` is what the member has with these points."""
    return (
        row.member_id,
        entry_id,
        EntryKind.ACCRUE.value,
        row.points,
        balance,
        *row.reason.as_columns(),
        json.dumps(row.breakdown, ensure_ascii=False),
        row.fact,
        row.mall_id,
        row.store_id,
        row.at,
    )


def lock_accounts(member_ids: Collection[int]) -> dict[int, Account]:
    """The accounts there are, in ascending order; their owners are locked, so nobody opens one meanwhile."""
    accounts: dict[int, Account] = {}
    for ids in database.lockable(member_ids):
        rows = db.session.execute(
            select(
                PointsAccount.member_id,
                PointsAccount.available_points,
                PointsAccount.held_points,
                PointsAccount.debt_points,
            )
            .where(PointsAccount.member_id == func.any(bindparam("ids", ids, type_=ARRAY(BigInteger()))))
            .order_by(PointsAccount.member_id)
            .with_for_update()
        )
        accounts |= {member_id: Account(*points) for member_id, *points in rows}
    return accounts


def _open_accounts(accounts: dict[int, Account]) -> None:
    rows = (
        (member_id, account.available, account.held, account.debt) for member_id, account in sorted(accounts.items())
    )
    copy_in(PointsAccount, ("member_id", "available_points", "held_points", "debt_points"), rows)


def change_accounts(accounts: Mapping[int, Account]) -> None:
    """Write what has become of accounts that are locked."""
    kinds = dict.fromkeys(("member_id", "available", "debt"), BigInteger())
    given = arrays.table_of_rows("given", kinds)
    db.session.execute(
        update(table_of(PointsAccount))
        .where(PointsAccount.member_id == given.c.member_id)
        .values(available_points=given.c.available, debt_points=given.c.debt),
        arrays.parameters(kinds, [(member_id, one.available, one.debt) for member_id, one in accounts.items()]),
    )
