"""Writing down what is done for a member by hand, within limits, and notes about them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, update

from app.access.audit import Actor
from app.access.models import Staff
from app.care import budgets, rules
from app.care.models import ActKind, CareAct, CareRequest, MemberNote
from app.care.rules import Done
from app.former import memory
from app.former.memory import ByHand, Mark
from app.kernel import clock
from app.kernel.db import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Carer:
    """Who does it, in which mall, for which of the reasons, with what they say of it to colleagues."""

    staff_id: int
    name: str
    mall_id: int
    reason: str = ""
    note: str = ""


def ensure_allowed(member_ids: Sequence[int], marks: Collection[Mark], by: Carer, *, now: datetime) -> None:
    """Whether the person may give the locked member one more coupon. Raises CareLimitReached."""
    for_member, by_person = _count(member_ids, marks, by, now=now)
    rules.ensure_coupon_within(for_member=for_member, by_person=by_person)


def find_over(
    member_ids: Sequence[int], marks: Collection[Mark], by: Carer, *, points: int, now: datetime
) -> str | None:
    """Which limit so many points for the locked member are over, that of the person or the mall's budget (`budget`).

    None where the person may do it alone.
    """
    for_member, by_person = _count(member_ids, marks, by, now=now)
    over = rules.find_over(points, for_member=for_member, by_person=by_person)
    if over is None and points > 0 and by.reason in rules.GOODWILL:
        return None if budgets.suffices(by.mall_id, points, now=now) else "budget"
    return over


def _count(member_ids: Sequence[int], marks: Collection[Mark], by: Carer, *, now: datetime) -> tuple[Done, Done]:
    """What was done for the member and by the person; keeps them from doing two things at once till the commit.

    `member_ids` are all numbers of the member: what was given to one that was merged counts. `marks` are what they are
    known again by: what they were given before they left counts, too.
    """
    db.session.execute(select(Staff.id).where(Staff.id == by.staff_id).with_for_update())
    before = memory.by_hand_in(memory.list_known(marks, now=now))
    for_member = _done(CareAct.member_id.in_(member_ids), since=now - rules.PER_MEMBER)
    by_person = _done(CareAct.staff_id == by.staff_id, since=now - rules.PER_PERSON)
    return for_member.plus(before.coupons, before.points), by_person


def _done(whose: object, *, since: datetime) -> Done:
    counted = select(func.count(CareAct.coupon_id), func.coalesce(func.sum(func.abs(CareAct.points)), 0))
    coupons, points = db.session.execute(counted.where(whose, CareAct.done_at > since)).one()  # type: ignore[arg-type]
    return Done(int(coupons), int(points))


def record(
    member_id: int,
    by: Carer,
    kind: ActKind,
    *,
    now: datetime,
    points: int = 0,
    coupon_id: int | None = None,
    approved_by: Actor | None = None,
) -> CareAct:
    """Write down what is done; points are positive when given, negative when taken."""
    act = CareAct(
        member_id=member_id,
        mall_id=by.mall_id,
        kind=kind.value,
        reason=by.reason,
        note=by.note,
        points=points,
        coupon_id=coupon_id,
        staff_id=by.staff_id,
        staff_name=by.name,
        approved_by_id=None if approved_by is None else approved_by.id,
        approved_by=None if approved_by is None else approved_by.name,
        done_at=now,
    )
    db.session.add(act)
    db.session.flush()
    return act


def add_note(member_id: int, by: Carer, *, now: datetime) -> MemberNote:
    """Keep what the person wrote about the member."""
    note = MemberNote(
        member_id=member_id,
        mall_id=by.mall_id,
        text=by.note,
        staff_id=by.staff_id,
        staff_name=by.name,
        written_at=now,
    )
    db.session.add(note)
    db.session.flush()
    return note


def remember(person_ids: Sequence[int], marks: Collection[Mark], *, days: int, now: datetime) -> None:
    """Somebody leaves: what they were given by hand goes on counting as if they had stayed, at most for so many days.

    Each day is remembered by itself, and no longer than it counts.
    """
    today = clock.business_date(now)
    acts = select(CareAct.done_at, CareAct.coupon_id, CareAct.points).where(
        CareAct.member_id.in_(person_ids), CareAct.done_at > now - rules.PER_MEMBER
    )
    by_day = defaultdict[date, Done](Done)
    for done_at, coupon_id, points in db.session.execute(acts):
        day = clock.business_date(done_at)
        by_day[day] = by_day[day].plus(int(coupon_id is not None), abs(points))
    for day, done in by_day.items():
        counts_for = (day + rules.PER_MEMBER - today).days + 1
        memory.remember(marks, by_hand=ByHand(done.coupons, done.points), days=min(counts_for, days), now=now)


def forget(person_ids: Sequence[int]) -> None:
    """Drop the notes about somebody who leaves, and what was said of them when something was given."""
    db.session.execute(delete(CareRequest).where(CareRequest.member_id.in_(person_ids)))
    db.session.execute(delete(MemberNote).where(MemberNote.member_id.in_(person_ids)))
    db.session.execute(update(CareAct).where(CareAct.member_id.in_(person_ids)).values(note=""))
