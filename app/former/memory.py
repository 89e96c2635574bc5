"""Remembering who left, knowing them again, and forgetting them when the period is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update

from app.former.models import FormerMark, FormerMember
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import codes, crypto

DEFAULT_DAYS = 365

# A kind of identity and its value: a phone's blind index, a unionid, a plate.
Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Debt:
    """Points that somebody owed when they left; `former_id` tells one leaving from another."""

    former_id: str
    points: int


def remember(marks: Collection[Mark], *, given: Collection[str], debt_points: int, days: int, now: datetime) -> None:
    """Remember for some days what somebody who leaves was given and owes; nothing to remember leaves nothing."""
    if not marks or not (given or debt_points):
        return
    today = clock.business_date(now)
    former = FormerMember(
        id=codes.new_public_id(),
        left_on=today,
        forget_on=today + timedelta(days=days),
        given=sorted(given),
        debt_points=debt_points,
    )
    db.session.add(former)
    db.session.flush()
    db.session.add_all(FormerMark(digest=one, former_id=former.id) for one in sorted({*map(_digest, marks)}))
    db.session.flush()


def _digest(mark: Mark) -> str:
    kind, value = mark
    return crypto.memory_digest(value, purpose=kind)


def list_given(marks: Collection[Mark], *, now: datetime) -> set[str]:
    """What the person with any of these marks was given before they left, as far as it is remembered."""
    given = db.session.scalars(_known(marks, now).with_only_columns(FormerMember.given))
    return {name for names in given for name in names}


def take_debts(marks: Collection[Mark], *, now: datetime) -> Sequence[Debt]:
    """What the person with any of these marks owes, once: it is theirs again, and remembered here no longer."""
    owing = _known(marks, now).where(FormerMember.debt_points > 0)
    ids = db.session.scalars(owing.with_only_columns(FormerMember.id)).all()
    if not ids:
        return []
    locked = select(FormerMember.id, FormerMember.debt_points).where(FormerMember.id.in_(ids))
    rows = db.session.execute(locked.order_by(FormerMember.id).with_for_update()).all()
    db.session.execute(update(FormerMember).where(FormerMember.id.in_(ids)).values(debt_points=0))
    return [Debt(former_id, points) for former_id, points in rows if points]


def _known(marks: Collection[Mark], now: datetime) -> Select[tuple[FormerMember]]:
    """Who left with any of the marks and is not to be forgotten yet, whether or not the sweep has run."""
    bearers = select(FormerMark.former_id).where(FormerMark.digest.in_([_digest(mark) for mark in marks]))
    return select(FormerMember).where(FormerMember.id.in_(bearers), FormerMember.forget_on > clock.business_date(now))


def sweep(*, now: datetime) -> int:
    """Forget whose period is over; returns how many."""
    over = db.session.scalars(select(FormerMember.id).where(FormerMember.forget_on <= clock.business_date(now))).all()
    db.session.execute(delete(FormerMark).where(FormerMark.former_id.in_(over)))
    db.session.execute(delete(FormerMember).where(FormerMember.id.in_(over)))
    return len(over)
