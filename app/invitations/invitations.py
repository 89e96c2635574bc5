"""The life of an invitation: the friend joins, comes or buys, the waiting days pass, it brings something or nothing.

Every step is an update on the condition that the invitation still stands as it was seen: who comes second does nothing.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.invitations.codes import device_digest
from app.invitations.models import Invitation, InvitationCode, InvitationPicture, Status, Why
from app.kernel.db import db

# How long it is kept on which device a friend joined: rings show within weeks.
KEPT = timedelta(days=180)
_OPEN = (Status.JOINED.value, Status.ACTED.value, Status.ASKED.value)


def record(code: InvitationCode, member_id: int, *, device: str | None, now: datetime) -> bool:
    """Somebody who was no member before has joined by the code, and is held; False where they have an inviter."""
    row = insert(Invitation).values(
        inviter_id=code.member_id,
        member_id=member_id,
        mall_id=code.mall_id,
        joined_at=now,
        status=Status.JOINED.value,
        look_at=now,
        points=0,
        growth=0,
        device=device_digest(device),
    )
    made = db.session.execute(row.on_conflict_do_nothing().returning(Invitation.member_id)).first()
    return made is not None


def look_later(invitation: Invitation, *, at: datetime) -> None:
    """Nothing has happened: look again then."""
    _step(invitation, look_at=at)


def act(invitation: Invitation, kind: str, *, at: datetime, due_at: datetime) -> bool:
    """The friend came or bought; also another act instead of one that was undone. False when somebody was quicker."""
    return _step(invitation, status=Status.ACTED.value, act=kind, acted_at=at, look_at=due_at)


def ask(invitation: Invitation) -> bool:
    """People are asked before anything is given."""
    return _step(invitation, status=Status.ASKED.value, look_at=None)


def pay(invitation: Invitation, *, points: int, growth: int, now: datetime) -> bool:
    """The inviter gets so much; False when somebody was quicker, and then they get nothing of it."""
    return _step(invitation, status=Status.PAID.value, look_at=None, closed_at=now, points=points, growth=growth)


def void(invitation: Invitation, why: Why, *, now: datetime) -> bool:
    """It brings nothing."""
    return _step(invitation, status=Status.VOID.value, look_at=None, closed_at=now, why=why.value)


def put_off(inviter_id: int, member_id: int, *, now: datetime) -> None:
    """Something went wrong with it: let the others come first."""
    one = Invitation
    which = (one.inviter_id == inviter_id) & (one.member_id == member_id) & one.look_at.is_not(None)
    _change(which, {"look_at": now + timedelta(hours=1)})


def _step(invitation: Invitation, **values: Any) -> bool:
    """On the condition that it stands as it was seen."""
    seen = (
        Invitation.inviter_id == invitation.inviter_id,
        Invitation.member_id == invitation.member_id,
        Invitation.status == invitation.status,
        Invitation.acted_at.is_not_distinct_from(invitation.acted_at),
    )
    changed = db.session.execute(
        update(Invitation)
        .where(*seen)
        .values(values)
        .returning(Invitation.member_id)
        .execution_options(synchronize_session=False)
    ).first()
    db.session.expire(invitation)
    return changed is not None


def forget(member_ids: Collection[int], *, now: datetime) -> None:
    """Somebody leaves: their codes are nobody's, and what is open of either side brings nothing."""
    own = select(InvitationCode.code).where(InvitationCode.member_id.in_(member_ids))
    gone = db.session.scalars(own).all()
    for table in (InvitationPicture, InvitationCode):
        db.session.execute(delete(table).where(table.code.in_(gone)))
    values = {"status": Status.VOID.value, "look_at": None, "closed_at": now, "why": Why.LEFT.value}
    theirs = or_(Invitation.inviter_id.in_(member_ids), Invitation.member_id.in_(member_ids))
    _change(theirs & Invitation.status.in_(_OPEN), values)
    _change(theirs & Invitation.device.is_not(None), {"device": None})


def forget_devices(*, now: datetime) -> int:
    """Forget on which devices friends joined long ago; returns of how many."""
    return _change(Invitation.device.is_not(None) & (Invitation.joined_at < now - KEPT), {"device": None})


def _change(which: ColumnElement[bool], values: dict[str, Any]) -> int:
    changed = update(Invitation).where(which).values(values).execution_options(synchronize_session=False)
    return len(db.session.execute(changed.returning(Invitation.member_id)).all())
