"""Holding points (冻结): a spending that can still be given back.

A hold is known by its fact. Points that are held do not run out; what returns goes to the lots it came from. The
shape is the ledger's: lock the account → already done? → check → change, and every verb may be called again.
"""

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert

from app.kernel.db import db
from app.kernel.facts import Fact
from app.kernel.reasons import Reason
from app.points.ledger import accounts, held, hold_queries, lots
from app.points.ledger.errors import HoldCaptured, HoldExceeded, HoldOver, InsufficientPoints
from app.points.ledger.models import EntryKind, HoldStatus, PointsEntry, PointsHold, PointsHoldUse, PointsUse


def hold(
    member_id: int,
    *,
    points: int,
    reason: Reason,
    fact: Fact,
    now: datetime,
    until: datetime | None,
    mall_id: int | None = None,
    store_id: int | None = None,
) -> PointsHold:
    """Set points (> 0) aside once per fact, earliest expiry first, until a moment from which they are free again.

    Without `until` only an act ends it, for what must not end before money has been asked after: whoever holds so
    releases. Raises InsufficientPoints (facts available, needed).
    """
    account = accounts.lock_account(member_id)
    known = hold_queries.find_hold(member_id, fact)
    if known is not None:
        return known
    accounts.let_time_pass(account, now=now)
    if account.available_points < points:
        raise InsufficientPoints(available=account.available_points, needed=points)
    account.available_points -= points
    account.held_points += points
    made = PointsHold(
        member_id=member_id,
        fact=fact,
        status=HoldStatus.OPEN.value,
        points=points,
        captured_points=0,
        returned_points=0,
        repaid_points=0,
        reason_code=reason.code,
        reason_facts=dict(reason.facts),
        mall_id=mall_id,
        store_id=store_id,
        held_at=now,
        until=until,
    )
    db.session.add(made)
    db.session.flush()
    _take(made)
    return made


def _take(made: PointsHold) -> None:
    """Take the points of a new hold from the member's lots, and keep from which."""
    for lot_id, part in lots.choose(made.member_id, made.points):
        lots.change_lot(made.member_id, lot_id, -part)
        use = insert(PointsHoldUse).values(member_id=made.member_id, hold_id=made.id, lot_id=lot_id, points=part)
        db.session.execute(use)


def capture(member_id: int, *, fact: Fact, now: datetime, points: int | None = None) -> PointsEntry:
    """Spend what is held, the whole or so many points (> 0) of it, once; the rest is free again.

    The entry has the hold's fact, so `ledger.give_back` undoes it like any spending. Raises HoldNotFound, HoldOver for
    one that was given back or whose time is over, and HoldExceeded (facts held, needed).
    """
    account, done = accounts.begin(member_id, fact)
    if done is not None:
        return done
    one = hold_queries.get_hold(member_id, fact)
    if hold_queries.is_over(one, now=now):
        raise HoldOver
    spent = one.points if points is None else points
    if not 0 < spent <= one.points:
        raise HoldExceeded(held=one.points, needed=spent)
    taken = held.end(account, one, HoldStatus.CAPTURED, now=now, spent=spent)
    entry = accounts.write(
        account,
        kind=EntryKind.REDEEM,
        points=-spent,
        reason=Reason.kept(one.reason_code, one.reason_facts),
        fact=fact,
        now=now,
        mall_id=one.mall_id,
        store_id=one.store_id,
    )
    for lot_id, part in taken:
        use = insert(PointsUse).values(member_id=member_id, entry_id=entry.id, lot_id=lot_id, points=part)
        db.session.execute(use)
    accounts.let_time_pass(account, now=now)
    return entry


def release(member_id: int, *, fact: Fact, now: datetime) -> PointsHold:
    """Give back what is held; nothing more happens to one that was given back before.

    Raises HoldNotFound, and HoldCaptured when it was spent.
    """
    account = accounts.lock_account(member_id)
    one = hold_queries.get_hold(member_id, fact)
    if one.status == HoldStatus.CAPTURED.value:
        raise HoldCaptured
    if one.status == HoldStatus.OPEN.value:
        held.end(account, one, HoldStatus.RELEASED, now=now)
        accounts.let_time_pass(account, now=now)
    return one


def release_all(member_id: int, *, now: datetime) -> int:
    """Give back everything the member holds, because they leave; returns how many points are free again."""
    account = accounts.lock_account(member_id)
    found = hold_queries.list_open(member_id)
    for one in found:
        held.end(account, one, HoldStatus.RELEASED, now=now)
    return sum(one.returned_points for one in found)


def release_overdue(member_id: int, *, now: datetime) -> int:
    """Give back what the member holds past its time; returns how many holds that were."""
    account = accounts.lock_account(member_id)
    count = len(held.list_overdue(member_id, now=now))
    accounts.let_time_pass(account, now=now)
    return count
