"""Remembering who left, knowing them again, and forgetting them when the period is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from app.former.models import FormerMark, FormerMember, FormerReceipt
from app.kernel import clock
from app.kernel.db import db
from app.kernel.security import codes, crypto

DEFAULT_DAYS = 365

# A kind and its value: a phone's blind index, a unionid, a plate; of a receipt the fact that it is.
Mark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ByHand:
    """How many coupons staff gave somebody by hand, and how many points they gave or took."""

    coupons: int = 0
    points: int = 0


@dataclass(frozen=True, slots=True)
class Past:
    """What is remembered of one leaving; `former_id` tells it from another, `is_back` whether they are known again."""

    former_id: str
    given: tuple[str, ...]
    debt_points: int
    by_hand: ByHand
    is_back: bool


def remember(
    marks: Collection[Mark],
    *,
    given: Collection[str] = (),
    debt_points: int = 0,
    spare_points: int = 0,
    receipts: Collection[Mark] = (),
    by_hand: ByHand = ByHand(),
    days: int,
    now: datetime,
) -> None:
    """Remember for some days what somebody who leaves was given and owes; nothing to remember leaves nothing.

    A refund of one of the `receipts` takes `spare_points` first, and makes a debt of the rest.
    """
    if not marks or not (given or debt_points or receipts or by_hand != ByHand()):
        return
    today = clock.business_date(now)
    former = FormerMember(
        id=codes.new_public_id(),
        left_on=today,
        forget_on=today + timedelta(days=days),
        given=sorted(given),
        debt_points=debt_points,
        spare_points=spare_points,
        hand_coupons=by_hand.coupons,
        hand_points=by_hand.points,
    )
    db.session.add(former)
    db.session.flush()
    db.session.add_all(FormerMark(digest=one, former_id=former.id) for one in sorted({*map(_digest, marks)}))
    db.session.add_all(FormerReceipt(digest=one, former_id=former.id) for one in sorted({*map(_digest, receipts)}))
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
            FormerMember.returned_member_id.is_not(None).label("is_back"),
        )
        .where(FormerMember.id.in_(bearers), FormerMember.forget_on > clock.business_date(now))
        .order_by(FormerMember.id)
    )
    return [
        Past(row.id, tuple(row.given), row.debt_points, ByHand(row.hand_coupons, row.hand_points), row.is_back)
        for row in rows
    ]


def list_given(name: str, marks: Collection[Mark], *, now: datetime) -> Collection[Mark]:
    """Those of the marks, of anybody's, whose bearers were given something before they left."""
    digests = {_digest(mark): mark for mark in marks}
    bearing = (
        select(FormerMark.digest)
        .join(FormerMember, FormerMember.id == FormerMark.former_id)
        .where(FormerMark.digest.in_(digests), FormerMember.forget_on > clock.business_date(now))
        .where(FormerMember.given.contains([name]))
    )
    return {digests[digest] for digest in db.session.scalars(bearing)}


def given_in(known: Sequence[Past]) -> set[str]:
    """What was given in any of these pasts."""
    return {name for past in known for name in past.given}


def by_hand_in(known: Sequence[Past]) -> ByHand:
    """What staff did by hand in all of these pasts."""
    done = [past.by_hand for past in known]
    return ByHand(sum(one.coupons for one in done), sum(one.points for one in done))


def take_debts(former_ids: Sequence[str]) -> int:
    """What is owed from these pasts, in points, once: it is the person's again, and remembered no longer."""
    owed = select(FormerMember.debt_points).where(FormerMember.id.in_(former_ids), FormerMember.debt_points > 0)
    points = sum(db.session.scalars(owed.order_by(FormerMember.id).with_for_update()))
    if points:
        db.session.execute(update(FormerMember).where(FormerMember.id.in_(former_ids)).values(debt_points=0))
    return points


def charge(receipt: Mark, points: int, *, now: datetime) -> None:
    """Let who left with the receipt owe the points of its refund, but for what they gave up by leaving."""
    theirs = select(FormerReceipt.former_id).where(FormerReceipt.digest == _digest(receipt)).scalar_subquery()
    owed = FormerMember.debt_points + func.greatest(points - FormerMember.spare_points, 0)
    spare = func.greatest(FormerMember.spare_points - points, 0)
    db.session.execute(
        update(FormerMember)
        .where(FormerMember.id == theirs, FormerMember.forget_on > clock.business_date(now))
        .values(debt_points=owed, spare_points=spare)
        .execution_options(synchronize_session=False)
    )


def note_return(known: Sequence[Past], member_id: int) -> None:
    """Remember who they are now, if that is not known yet."""
    ids = [past.former_id for past in known if not past.is_back]
    if not ids:
        return
    mine = FormerMember.id.in_(ids) & FormerMember.returned_member_id.is_(None)
    db.session.execute(update(FormerMember).where(mine).values(returned_member_id=member_id))


def forget_return(member_ids: Sequence[int]) -> None:
    """They leave again: nobody's until somebody comes back."""
    theirs = FormerMember.returned_member_id.in_(member_ids)
    db.session.execute(update(FormerMember).where(theirs).values(returned_member_id=None))


def list_owing(*, limit: int) -> Sequence[tuple[str, int]]:
    """Who came back and owes what was refunded since (former_id, member_id), at most so many."""
    who = FormerMember.returned_member_id
    owing = select(FormerMember.id, who).where(who.is_not(None), FormerMember.debt_points > 0)
    rows = db.session.execute(owing.order_by(FormerMember.id).limit(limit))
    return [(row.id, row.returned_member_id) for row in rows]


def sweep(*, now: datetime) -> int:
    """Forget whose period is over; returns how many."""
    over = db.session.scalars(select(FormerMember.id).where(FormerMember.forget_on <= clock.business_date(now))).all()
    for table in (FormerMark, FormerReceipt):
        db.session.execute(delete(table).where(table.former_id.in_(over)))
    db.session.execute(delete(FormerMember).where(FormerMember.id.in_(over)))
    return len(over)
