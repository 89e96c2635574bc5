"""Moving points. One shape: lock the account → already done for this fact? → check → write entry, lots, balance.

Signs: an entry's points are positive when the member gains, negative when they lose. Facts are unique per member, so
every verb may be called again with the same fact and returns the first entry.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from app.kernel import clock
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.points.expiry import policies
from app.points.ledger import accounts, lots, queries
from app.points.ledger.errors import EntryNotFound, InsufficientPoints
from app.points.ledger.models import EntryKind, PointsEntry


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
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return done
    repaid = min(points, account.debt_points)
    account.debt_points -= repaid
    account.available_points += points - repaid
    entry = accounts.write(
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
    day = earned_on or clock.business_date(now)
    lots.open_lot(entry, remaining=points - repaid, expires_on=policies.in_force(day).last_day(day))
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
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return done
    accounts.let_time_pass(account, now=now)
    if account.available_points < points:
        raise InsufficientPoints(available=account.available_points, needed=points)
    account.available_points -= points
    entry = accounts.write(
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
    """Undo a spending: its points return to the lots they came from, and what is owed is paid of them.

    Points whose lot ran out meanwhile are good for the days of grace of the policy of today. What is owed is paid,
    else points held by a payment outlived the refund of what they were earned by. Raises EntryNotFound.
    """
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return done
    spent = queries.find_entry(member_id, spent_fact)
    if spent is None:
        raise EntryNotFound(fact=spent_fact)
    account.available_points -= spent.points
    entry = accounts.write(
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
    lots.return_points(member_id, queries.list_uses(spent), now=now)
    if account.debt_points:
        accounts.repay(account, entry, now=now)
    return entry


def take_back(
    member_id: int, *, points: int, earned: PointsEntry, reason: Reason, fact: Fact, now: datetime
) -> PointsEntry:
    """Take back points (> 0) given by an entry, wholly or in part, also when they are spent: the rest is owed.

    Their own lot gives first, then the others by expiry. The entry may be of somebody who was merged into the member:
    its points moved, and its lot is gone.
    """
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return done
    accounts.let_time_pass(account, now=now)
    from_lots = min(points, account.available_points)
    account.available_points -= from_lots
    account.debt_points += points - from_lots
    entry = accounts.write(
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
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return -done.points
    accounts.let_time_pass(account, now=now)
    points = account.available_points
    if points:
        account.available_points = 0
        entry = accounts.write(
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
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return done
    accounts.let_time_pass(account, now=now)
    paid = min(points, account.available_points)
    account.available_points -= paid
    account.debt_points += points - paid
    entry = accounts.write(account, kind=EntryKind.ADJUST, points=-points, reason=reason, fact=fact, now=now)
    lots.use_lots(entry, paid)
    return entry


def forgive(member_id: int, *, most: int, reason: Reason, fact: Fact, now: datetime) -> int:
    """Forgive what the member owes, at most so many points, once per fact; returns how many."""
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return done.points
    points = min(most, account.debt_points)
    if points:
        account.debt_points -= points
        accounts.write(account, kind=EntryKind.ADJUST, points=points, reason=reason, fact=fact, now=now)
    return points


def expire(member_id: int, *, now: datetime) -> int:
    """Let the member's overdue lots and holds run out; returns how many points went."""
    return accounts.let_time_pass(accounts.lock_account(member_id), now=now)
