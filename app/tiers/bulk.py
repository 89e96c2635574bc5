"""Growth by the thousand: what `growth.credit` does one by one, in a few statements; for imports."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, BigInteger, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel.copies import copy_in
from app.kernel.db import db, table_of
from app.tiers.models import GrowthAccount, GrowthEntry


class Credit(NamedTuple):
    """Growth (>= 0) of a member for a fact that gave none before."""

    member_id: int
    growth: int
    reason: str
    fact: str


def credit(credits: Sequence[Credit], *, now: datetime) -> None:
    """Add growth in the order of the list; every member gets an account, nought writes no entry.

    Accounts are locked in ascending order. Raises IntegrityError when a fact has an entry already.
    """
    if not credits:
        return
    values = _lock_accounts({row.member_id for row in credits})
    entries = []
    for row in credits:
        if row.growth:
            values[row.member_id] += row.growth
            entries.append((row.member_id, row.growth, values[row.member_id], row.reason, row.fact, now))
    if entries:
        copy_in(GrowthEntry, ("member_id", "growth", "growth_after", "reason", "fact", "occurred_at"), entries)
        _save(values)


def _lock_accounts(member_ids: Collection[int]) -> dict[int, int]:
    wanted = bindparam("ids", sorted(member_ids), type_=ARRAY(BigInteger()))
    given = select(func.unnest(wanted).label("member_id")).subquery()
    db.session.execute(
        insert(table_of(GrowthAccount))
        .from_select(["member_id", "growth"], select(given.c.member_id, bindparam("zero", 0, type_=BigInteger())))
        .on_conflict_do_nothing(index_elements=["member_id"])
    )
    rows = db.session.execute(
        select(GrowthAccount.member_id, GrowthAccount.growth)
        .where(GrowthAccount.member_id == func.any(wanted))
        .order_by(GrowthAccount.member_id)
        .with_for_update()
    )
    return {row.member_id: row.growth for row in rows}


def _save(values: dict[int, int]) -> None:
    names = ("member_id", "growth")
    arrays = [bindparam(f"{name}_s", type_=ARRAY(BigInteger())) for name in names]
    given = (
        func.unnest(*arrays)
        .table_valued(*(column(name, BigInteger()) for name in names), name="given")
        .render_derived()
    )
    db.session.execute(
        update(table_of(GrowthAccount))
        .where(GrowthAccount.member_id == given.c.member_id)
        .values(growth=given.c.growth)
        .execution_options(synchronize_session=False),
        {"member_id_s": list(values), "growth_s": list(values.values())},
    )
