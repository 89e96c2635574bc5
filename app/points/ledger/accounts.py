"""A locked account: how every verb begins, what time has done to it meanwhile, and how it writes an entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db, table_of
from app.kernel.facts import Fact
from app.kernel.fastpath import entities
from app.kernel.fastpath.entities import PreparedEntities
from app.kernel.fastpath.prepared import Prepared
from app.kernel.reasons import Reason
from app.points.ledger import facts, held, lots, queries
from app.points.ledger.day_sums import BY_KIND
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry, PointsLot, PointsUse

_ROW = table_of(PointsAccount)
_SUMS = ("available_points", "held_points", "debt_points")
_OPEN = Prepared(
    insert(_ROW)
    .values({name: bindparam(name) for name in ("member_id", *_SUMS)})
    .on_conflict_do_nothing(index_elements=["member_id"])
)
_LOCKED = PreparedEntities(
    PointsAccount, select(_ROW).where(_ROW.c.member_id == bindparam("of_member")).with_for_update(), refresh=True
)
_SAVE = Prepared(
    update(_ROW).where(_ROW.c.member_id == bindparam("of_member")).values({name: bindparam(name) for name in _SUMS})
)
_ENTRIES = table_of(PointsEntry)
_WRITE = Prepared(
    insert(_ENTRIES)
    .values({column.name: bindparam(column.name) for column in _ENTRIES.c if column.name != "id"})
    .returning(_ENTRIES.c.id)
)


def lock_account(member_id: int) -> PointsAccount:
    """The member's account FOR UPDATE, made on first use."""
    _OPEN.later({"member_id": member_id, "available_points": 0, "held_points": 0, "debt_points": 0})
    account = _LOCKED.first(of_member=member_id)
    if account is None:
        raise AssertionError("an account that was just opened is there")
    return account


def begin(member_id: int, fact: Fact) -> tuple[PointsAccount, PointsEntry | None]:
    """How every verb begins: the account, locked, and then what it wrote for the fact before."""
    account = lock_account(member_id)
    return account, queries.find_entry(member_id, fact)


def let_time_pass(account: PointsAccount, *, now: datetime) -> int:
    """End the holds whose time is over, then the lots; returns how many points ran out."""
    held.end_overdue(account, now=now)
    return expire_lots(account, now=now)


def expire_lots(account: PointsAccount, *, now: datetime) -> int:
    """Let the lots run out whose last day is over; returns how many points went."""
    today = clock.business_date(now)
    overdue = [lot for lot in lots.open_lots(account.member_id) if lot.expires_on < today]
    for lot in overdue:
        account.available_points -= lot.remaining_points
        entry = write(
            account,
            kind=EntryKind.EXPIRE,
            points=-lot.remaining_points,
            reason=Reason("expiry"),
            now=now,
            fact=facts.expiry(lot.id, _count_uses(lot)),
        )
        lots.record_use(entry, lot.id, lot.remaining_points)
    return sum(lot.remaining_points for lot in overdue)


def _count_uses(lot: PointsLot) -> int:
    """Tells one expiry of a lot from the next: points given back to a lot that ran out run out again, the same day."""
    uses = select(func.count()).where(PointsUse.member_id == lot.member_id, PointsUse.lot_id == lot.id)
    return db.session.scalars(uses).one()


def repay(account: PointsAccount, entry: PointsEntry, *, now: datetime) -> None:
    """Pay what is owed of what can be spent; the entry's own points are in the lots again."""
    let_time_pass(account, now=now)
    repaid = min(account.available_points, account.debt_points)
    account.available_points -= repaid
    account.debt_points -= repaid
    db.session.flush()
    lots.use_lots(entry, repaid)


def write(
    account: PointsAccount,
    *,
    kind: EntryKind,
    points: int,
    reason: Reason,
    fact: Fact,
    now: datetime,
    mall_id: int | None = None,
    store_id: int | None = None,
    reverses_id: int | None = None,
    breakdown: Mapping[str, Any] | None = None,
) -> PointsEntry:
    """Write an entry of a locked account whose balance has moved already."""
    _save(account)
    entry = _insert(
        member_id=account.member_id,
        kind=kind.value,
        points=points,
        balance_after=account.available_points + account.held_points - account.debt_points,
        reason_code=reason.code,
        reason_facts=dict(reason.facts),
        breakdown=None if breakdown is None else dict(breakdown),
        fact=fact,
        mall_id=mall_id,
        store_id=store_id,
        reverses_id=reverses_id,
        occurred_at=now,
    )
    if kind in BY_KIND:
        marks.note(BY_KIND[kind], mall_id, clock.business_date(now))
    return entry


def _save(account: PointsAccount) -> None:
    """Write the sums of a locked account, with the next statement."""
    sums = {name: getattr(account, name) for name in _SUMS}
    _SAVE.later({"of_member": account.member_id, **sums})
    entities.amend(account, **sums)


def _insert(**values: Any) -> PointsEntry:
    return entities.hold(PointsEntry, {"id": _WRITE.first(**values).id, **values})
