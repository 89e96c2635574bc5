"""Remembering who left, knowing them again, and forgetting them when the period is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from app.former.models import FormerMark, FormerMember
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import codes, crypto

DEFAULT_DAYS = 365

# A kind of identity and its value: a phone's blind index, a unionid, a plate.
Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ByHand:
    """How many coupons staff gave somebody by hand, and how many points they gave or took."""

    coupons: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of one leaving; `former_id` tells it from another."""

    former_id: str
    given: tuple[str, ...]
    debt_points: int
    by_hand: ByHand


def remember(
    marks: Collection[Mark],
    *,
    given: Collection[str] = (),
    debt_points: int = 0,
    by_hand: ByHand = ByHand(),
    days: int,
    now: datetime,
) -> None:
    """Remember for some days what somebody who leaves was given and owes; nothing to remember leaves nothing."""
    if not marks or not (given or debt_points or by_hand != ByHand()):
        return
    today = clock.business_date(now)
    former = FormerMember(
        id=codes.new_public_id(),
        left_on=today,
        forget_on=today + timedelta(days=days),
        given=sorted(given),
        debt_points=debt_points,
        hand_coupons=by_hand.coupons,
        hand_points=by_hand.points,
    )
    db.session.add(former)
    db.session.flush()
    db.session.add_all(FormerMark(digest=one, former_id=former.id) for one in sorted({*map(_digest, marks)}))
    db.session.flush()


def _digest(mark: Mark) -> str:
    kind, value = mark
    return crypto.memory_digest(value, purpose=kind)


def list_known(marks: Collection[Mark], *, now: datetime) -> Sequence[Past]:
    """The leavings of the person with any of these marks that are remembered, whether or not the sweep has run."""
    bearers = select(FormerMark.former_id).where(FormerMark.digest.in_([_digest(mark) for mark in marks]))
    rows = db.session.execute(
        select(
            FormerMember.id,
            FormerMember.given,
            FormerMember.debt_points,
            FormerMember.hand_coupons,
            FormerMember.hand_points,
        )
        .where(FormerMember.id.in_(bearers), FormerMember.forget_on > clock.business_date(now))
        .order_by(FormerMember.id)
    )
    return [Past(row.id, tuple(row.given), row.debt_points, ByHand(row.hand_coupons, row.hand_points)) for row in rows]


def given_in(known: Sequence[Past]) -> set[str]:
    """What was given in any of these pasts."""
    return {name for past in known for name in past.given}


def by_hand_in(known: Sequence[Past]) -> ByHand:
    """What staff did by hand in all of these pasts."""
    done = [past.by_hand for past in known]
    return ByHand(sum(one.coupons for one in done), sum(one.points for one in done))


def take_debts(known: Sequence[Past]) -> Sequence[tuple[str, int]]:
    """What is owed from these pasts (former_id, points), once: it is the person's again, and remembered no longer."""
    ids = [past.former_id for past in known if past.debt_points]
    if not ids:
        return []
    owed = select(FormerMember.id, FormerMember.debt_points).where(FormerMember.id.in_(ids))
    rows = db.session.execute(owed.order_by(FormerMember.id).with_for_update()).all()
    db.session.execute(update(FormerMember).where(FormerMember.id.in_(ids)).values(debt_points=0))
    return [(former_id, points) for former_id, points in rows if points]


def sweep(*, now: datetime) -> int:
    """Forget whose period is over; returns how many."""
    over = db.session.scalars(select(FormerMember.id).where(FormerMember.forget_on <= clock.business_date(now))).all()
    db.session.execute(delete(FormerMark).where(FormerMark.former_id.in_(over)))
    db.session.execute(delete(FormerMember).where(FormerMember.id.in_(over)))
    return len(over)
