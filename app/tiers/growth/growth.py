"""Growth value: entered with a reason, shown to the member, never below zero.

Whoever gives or takes some calls `app/tiers/crediting`, which moves the member, too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    SQLColumnExpression,
    Text,
    bindparam,
    cast,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath import entities
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.reasons import Reason
from app.tiers.growth.models import GrowthAccount, GrowthEntry


@dataclass(frozen=True, slots=True)
class Entered:
    """The value after, and by how much (signed) it has changed now: 0 for a fact that was entered before."""

    growth_after: int
    change: int


def enter(
    member_id: int, *, growth: int, reason: Reason, fact: Fact, now: datetime, counting: int | None = None
) -> Entered:
    """Add growth (negative takes back) once per fact; what is taken stops at zero. The account is locked from then on.

    `counting`: how much of it counts for the period, if not all of it.
    """
    entry = {
        "member_id": member_id,
        "counting": counting,
        "reason_code": reason.code,
        "reason_facts": dict(reason.facts),
        "fact": fact,
        "occurred_at": now,
    }
    first = max(growth, 0)
    if _OPEN.run(member_id=member_id, growth=first):  # who had no account was never credited
        if growth:
            _ENTER.later({**entry, "growth": first, "growth_after": first})
        return Entered(first, first)
    account = lock(member_id)
    if _DONE.first(of_member=member_id, of_fact=fact) is not None or growth == 0:
        return Entered(account.growth, 0)
    change = max(growth, -account.growth)
    after = account.growth + change
    _SAVE.later({"of_member": member_id, "growth": after})
    entities.amend(account, growth=after)
    _ENTER.later({**entry, "growth": change, "growth_after": account.growth})
    return Entered(account.growth, change)


def was_credited(member_id: int, fact: Fact) -> bool:
    """Whether growth was ever given or taken for the fact."""
    return _DONE.first(of_member=member_id, of_fact=fact) is not None


def list_entered(asked: Collection[tuple[int, Fact]]) -> set[tuple[int, str]]:
    """Those of the members' facts for which there is an entry."""
    if not asked:
        return set()
    entered = select(GrowthEntry.member_id, GrowthEntry.fact).where(
        GrowthEntry.member_id == func.any(bindparam("ids", [one for one, _ in asked], type_=ARRAY(BigInteger()))),
        GrowthEntry.fact == func.any(bindparam("facts", sorted({fact for _, fact in asked}), type_=ARRAY(Text()))),
    )
    return set(db.session.execute(entered).tuples()) & set(asked)


_OPEN = Prepared(
    insert(table_of(GrowthAccount))
    .values(member_id=bindparam("member_id"), growth=bindparam("growth"))
    .on_conflict_do_nothing(index_elements=["member_id"])
)
_ENTRY = ("member_id", "growth", "growth_after", "counting", "reason_code", "reason_facts", "fact", "occurred_at")
_ENTER = Prepared(insert(table_of(GrowthEntry)).values({name: bindparam(name) for name in _ENTRY}))

_ROW = table_of(GrowthAccount)
_LOCKED = PreparedEntities(
    GrowthAccount, select(_ROW).where(_ROW.c.member_id == bindparam("of_member")).with_for_update(), refresh=True
)
_SAVE = Prepared(update(_ROW).where(_ROW.c.member_id == bindparam("of_member")).values(growth=bindparam("growth")))
_DONE = Prepared(
    select(GrowthEntry.growth_after).where(
        GrowthEntry.member_id == bindparam("of_member"), GrowthEntry.fact == bindparam("of_fact")
    )
)


def lock(member_id: int) -> GrowthAccount:
    """The account of a member who has one; whoever changes a standing holds it, too."""
    account = _LOCKED.first(of_member=member_id)
    if account is None:
        raise LookupError(f"member {member_id} has no growth account")
    return account


def hold(member_ids: Collection[int]) -> None:
    """Lock the accounts of those who have one, in the order of their numbers."""
    for member_id in sorted(member_ids):
        db.session.execute(
            select(GrowthAccount.member_id).where(GrowthAccount.member_id == member_id).with_for_update()
        )


# What entries come to for rising: all of their growth, unless they say how much of it.
COUNTING = func.sum(func.coalesce(GrowthEntry.counting, GrowthEntry.growth))


def value_of(member_id: int) -> int:
    """The member's growth value."""
    account = db.session.get(GrowthAccount, member_id)
    return account.growth if account is not None else 0


def counted(member_id: int, *, after: datetime | None, until: datetime, brought: int = 0) -> int:
    """What of a member's growth counts for the time from one moment (exclusive; None: ever) to another (inclusive).

    With what was `brought` there already; refunds take from that, too.
    """
    return max(brought + _sums_of([member_id], after=after, until=until).get(member_id, 0), 0)


def counted_of(member_ids: Sequence[int], *, after: datetime | None, until: datetime) -> dict[int, int]:
    """The same for many members; who has no entry in that time is missing."""
    sums = _sums_of(member_ids, after=after, until=until)
    return {member_id: max(total, 0) for member_id, total in sums.items()}


def _sums_of(member_ids: Sequence[int], *, after: datetime | None, until: datetime) -> dict[int, int]:
    since = () if after is None else (GrowthEntry.occurred_at > after,)
    totals = (
        select(GrowthEntry.member_id, COUNTING)
        .where(
            GrowthEntry.member_id == func.any(bindparam("ids", list(member_ids), type_=ARRAY(BigInteger()))),
            GrowthEntry.occurred_at <= until,
            *since,
        )
        .group_by(GrowthEntry.member_id)
    )
    return {member_id: int(total) for member_id, total in db.session.execute(totals).tuples()}


def counting_of(
    member_id: SQLColumnExpression[int], *, after: SQLColumnExpression[datetime] | datetime | None
) -> ColumnElement[int]:
    """What of a member's growth counts since a moment (None: ever), within a statement about many."""
    since = () if after is None else (GrowthEntry.occurred_at > after,)
    total = select(COUNTING).where(GrowthEntry.member_id == member_id, *since).scalar_subquery()
    return cast(func.coalesce(total, 0), BigInteger)


# A member's growth value within another statement, by its parameter `member_id`; without any it is null.
VALUE = select(GrowthAccount.growth).where(GrowthAccount.member_id == bindparam("member_id")).scalar_subquery()
