"""Growth by the thousand: what `growth.enter` does one by one, in a few statements; for imports."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, bindparam, func, select, update

from app.kernel.db import db, table_of
from app.kernel.distribution import database
from app.kernel.facts import Fact
from app.kernel.fastpath import arrays
from app.kernel.fastpath.copies import copy_in
from app.kernel.reasons import Reason
from app.tiers.growth.models import GrowthAccount, GrowthEntry


class Credit(NamedTuple):
    """Growth (>= 0) of a member for a fact that gave none before, and the moment that the entry says."""

    member_id: int
    growth: int
    reason: Reason
    fact: Fact
    at: datetime


def enter(credits: Sequence[Credit], known: Mapping[int, int]) -> None:
    """Add growth in the order of the list to the accounts that `lock_accounts` found; every member gets an account,
    nought writes no entry.

    The members are locked. Raises IntegrityError when a fact has an entry already.
    """
    if not credits:
        return
    values = {row.member_id: known.get(row.member_id, 0) for row in credits}
    entries = []
    for row in credits:
        if row.growth:
            values[row.member_id] += row.growth
            after = values[row.member_id]
            entries.append((row.member_id, row.growth, after, *row.reason.as_columns(), row.fact, row.at))
    opened = sorted((member_id, value) for member_id, value in values.items() if member_id not in known)
    copy_in(GrowthAccount, ("member_id", "growth"), opened)
    columns = ("member_id", "growth", "growth_after", "reason_code", "reason_facts", "fact", "occurred_at")
    copy_in(GrowthEntry, columns, entries)
    _change_accounts({member_id: values[member_id] for member_id in known})


def lock_accounts(member_ids: Collection[int]) -> dict[int, int]:
    """The accounts there are, in ascending order; their owners are locked, so nobody opens one meanwhile."""
    values: dict[int, int] = {}
    for ids in database.lockable(member_ids):
        rows = db.session.execute(
            select(GrowthAccount.member_id, GrowthAccount.growth)
            .where(GrowthAccount.member_id == func.any(bindparam("ids", ids, type_=ARRAY(BigInteger()))))
            .order_by(GrowthAccount.member_id)
            .with_for_update()
        )
        values |= {row.member_id: row.growth for row in rows}
    return values


def _change_accounts(values: dict[int, int]) -> None:
    kinds = dict.fromkeys(("member_id", "growth"), BigInteger())
    given = arrays.table_of_rows("given", kinds)
    db.session.execute(
        update(table_of(GrowthAccount))
        .where(GrowthAccount.member_id == given.c.member_id)
        .values(growth=given.c.growth),
        arrays.parameters(kinds, values.items()),
    )
