"""Moving points. One shape: lock the account → already done for this fact? → check → write entry, lots, balance.

Signs: an entry's points are positive when the member gains, negative when they lose. Facts are unique per member, so
every verb may be called again with the same fact and returns the first entry.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.kernel import clock
from app.kernel.day_sums import marks
from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.points.ledger import facts, lots, rules
from app.points.ledger.day_sums import BY_KIND
from app.points.ledger.errors import EntryNotFound, InsufficientPoints
from app.points.ledger.models import EntryKind, PointsAccount, PointsEntry, PointsLot, PointsUse


def lock_account(member_id: int) -> PointsAccount:
    """The member's account FOR UPDATE, made on first use."""
    db.session.execute(
        insert(PointsAccount)
        .values(member_id=member_id, available_points=0, debt_points=0)
        .on_conflict_do_nothing(index_elements=["member_id"])
    )
    return db.session.scalars(
        select(PointsAccount)
        .where(PointsAccount.member_id == member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def find_entry(member_id: int, fact: Fact) -> PointsEntry | None:
    return db.session.scalar(select(PointsEntry).where(PointsEntry.member_id == member_id, PointsEntry.fact == fact))


def _begin(member_id: int, fact: Fact) -> tuple[PointsAccount, PointsEntry | None]:
    """How every verb begins: the account, locked, and then what it wrote for the fact before."""
    account = lock_account(member_id)
    return account, find_entry(member_id, fact)


def accrue(
    member_id: int,
    *,
    points: int,
    reason: Reason,
    fact: Fact,
    now: datetime,
    mall_id: int | None = None,
    store_id: int | None = None,
    kind: EntryKind = EntryKind.ACCRUE,
    earned_on: date | None = None,
    breakdown: Mapping[str, Any] | None = None,
) -> PointsEntry:
    """Give points (> 0) once per fact; what is owed is paid first, the rest opens a lot.

    They run out by the day on which they were earned: today, if not said otherwise.
    """
    account, done = _begin(member_id, fact)
    if done is not None:
        return done
    repaid = min(points, account.debt_points)
    account.debt_points -= repaid
    account.available_points += points - repaid
    entry = write(
        account,
        kind=kind,
        points=points,
        reason=reason,
        fact=fact,
        now=now,
        mall_id=mall_id,
        store_id=store_id,
        breakdown=breakdown,
    )
    lots.open_lot(entry, remaining=points - repaid, expires_on=rules.expiry_day(earned_on or clock.business_date(now)))
    return entry


def redeem(
    member_id: int,
    *,
    points: int,
    reason: Reason,
    fact: Fact,
    now: datetime,
    mall_id: int | None = None,
    store_id: int | None = None,
    kind: EntryKind = EntryKind.REDEEM,
) -> PointsEntry:
    """Spend points (> 0) once per fact, earliest expiry first. Raises InsufficientPoints (facts available, needed)."""
    account, done = _begin(member_id, fact)
    if done is not None:
        return done
    _expire(account, now=now)
    if account.available_points < points:
        raise InsufficientPoints(available=account.available_points, needed=points)
    account.available_points -= points
    entry = write(
        account,
        kind=kind,
        points=-points,
        reason=reason,
        fact=fact,
        now=now,
        mall_id=mall_id,
        store_id=store_id,
    )
    lots.use_lots(entry, points)
    return entry


def give_back(member_id: int, *, spent_fact: Fact, reason: Reason, fact: Fact, now: datetime) -> PointsEntry:
    """Undo a spending: its points return to the lots they came from, and what is owed is paid of those not over.

    Else points held by a payment outlived the refund of what they were earned by. Raises EntryNotFound.
    """
    account, done = _begin(member_id, fact)
    if done is not None:
        return done
    spent = find_entry(member_id, spent_fact)
    if spent is None:
        raise EntryNotFound(fact=spent_fact)
    account.available_points -= spent.points
    entry = write(
        account,
        kind=EntryKind.REVERSE,
        points=-spent.points,
        reason=reason,
        fact=fact,
        now=now,
        mall_id=spent.mall_id,
        store_id=spent.store_id,
        reverses_id=spent.id,
    )
    for use in db.session.scalars(
        select(PointsUse).where(PointsUse.member_id == member_id, PointsUse.entry_id == spent.id)
    ):
        lots.change_lot(member_id, use.lot_id, use.points)
    if account.debt_points:
        repay(account, entry, now=now)
    return entry


def repay(account: PointsAccount, entry: PointsEntry, *, now: datetime) -> None:
    """Pay what is owed of what can be spent; the entry's own points are in the lots again."""
    _expire(account, now=now)
    repaid = min(account.available_points, account.debt_points)
    account.available_points -= repaid
    account.debt_points -= repaid
    lots.use_lots(entry, repaid)


def take_back(
    member_id: int, *, points: int, earned: PointsEntry, reason: Reason, fact: Fact, now: datetime
) -> PointsEntry:
    """Take back points (> 0) given by an entry, wholly or in part, also when they are spent: the rest is owed.

    Their own lot gives first, then the others by expiry. The entry may be of somebody who was merged into the member:
    its points moved, and its lot is gone.
    """
    account, done = _begin(member_id, fact)
    if done is not None:
        return done
    _expire(account, now=now)
    from_lots = min(points, account.available_points)
    account.available_points -= from_lots
    account.debt_points += points - from_lots
    entry = write(
        account,
        kind=EntryKind.REVERSE,
        points=-points,
        reason=reason,
        fact=fact,
        now=now,
        mall_id=earned.mall_id,
        store_id=earned.store_id,
        reverses_id=earned.id if earned.member_id == member_id else None,
    )
    lots.use_lots(entry, from_lots, first=entry.reverses_id)
    return entry


def forfeit(member_id: int, *, reason: Reason, fact: Fact, now: datetime) -> int:
    """Take every point that could still be spent, once per fact, with the lots; returns how many. Debts stay."""
    account, done = _begin(member_id, fact)
    if done is not None:
        return -done.points
    _expire(account, now=now)
    points = account.available_points
    if points:
        account.available_points = 0
        entry = write(
            account,
            kind=EntryKind.FORFEIT,
            points=-points,
            reason=reason,
            fact=fact,
            now=now,
        )
        lots.use_lots(entry, points)
    return points


def owe(member_id: int, *, points: int, reason: Reason, fact: Fact, now: datetime) -> PointsEntry:
    """Let the member owe points (> 0) once per fact; what they can spend pays at once."""
    account, done = _begin(member_id, fact)
    if done is not None:
        return done
    _expire(account, now=now)
    paid = min(points, account.available_points)
    account.available_points -= paid
    account.debt_points += points - paid
    entry = write(account, kind=EntryKind.ADJUST, points=-points, reason=reason, fact=fact, now=now)
    lots.use_lots(entry, paid)
    return entry


def forgive(member_id: int, *, most: int, reason: Reason, fact: Fact, now: datetime) -> int:
    """Forgive what the member owes, at most so many points, once per fact; returns how many."""
    account, done = _begin(member_id, fact)
    if done is not None:
        return done.points
    points = min(most, account.debt_points)
    if points:
        account.debt_points -= points
        write(account, kind=EntryKind.ADJUST, points=points, reason=reason, fact=fact, now=now)
    return points


def expire(member_id: int, *, now: datetime) -> int:
    """Let the member's overdue lots run out; returns how many points went."""
    return _expire(lock_account(member_id), now=now)


def _expire(account: PointsAccount, *, now: datetime) -> int:
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
    entry = PointsEntry(
        member_id=account.member_id,
        kind=kind.value,
        points=points,
        balance_after=account.available_points - account.debt_points,
        reason_code=reason.code,
        reason_facts=dict(reason.facts),
        breakdown=None if breakdown is None else dict(breakdown),
        fact=fact,
        mall_id=mall_id,
        store_id=store_id,
        reverses_id=reverses_id,
        occurred_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    if kind in BY_KIND:
        marks.note(BY_KIND[kind], mall_id, clock.business_date(now))
    return entry
