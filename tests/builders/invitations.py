"""Members' codes, and friends who join by them."""

import itertools
from datetime import datetime

from sqlalchemy import select

from app.flows.members import joining
from app.flows.members.joining import Arrival
from app.identity.models import Member
from app.invitations import codes
from app.invitations.models import Invitation, InvitationCode
from app.kernel import clock
from app.kernel.db import db
from app.kernel.facts import Fact
from app.malls.models import Mall
from app.timeline import events
from app.timeline.models import EventKind
from tests.builders.identity import make_visitor

_numbers = itertools.count(1)


def make_code(inviter: Member, mall: Mall, *, device: str | None = None) -> InvitationCode:
    """The inviter's code, as their phone asks for it."""
    return codes.ensure_code(inviter.id, mall, device=device, now=clock.now())


def arrive(code: InvitationCode) -> Arrival:
    """Somebody has opened the code's link."""
    arrival = joining.find_arrival(codes.scene_of(code), f"visit-{next(_numbers):08d}")
    assert arrival is not None
    return arrival


def join_by(code: InvitationCode, mall: Mall, *, phone: str | None = None, device: str | None = None) -> Member:
    """Somebody new joins by the code, now."""
    visitor = make_visitor(mall)
    joined = joining.join_member(
        visitor.id,
        consent_version="v1",
        phone=phone or f"13{next(_numbers):02d}{next(_numbers):07d}",
        channel="mini",
        arrival=arrive(code),
        device=device,
        now=clock.now(),
    )
    return joined.member


def make_invitation(inviter: Member, friend: Member, moment: datetime, *, why: str | None = None) -> Invitation:
    """A friend who joined at a moment and came, as a row; `why` it brings nothing."""
    row = Invitation(
        inviter_id=inviter.id,
        member_id=friend.id,
        mall_id=inviter.home_mall_id,
        joined_at=moment,
        status="paid" if why is None else "void",
        acted_at=moment,
        act="visit",
        closed_at=moment,
        why=why,
        points=0,
        growth=0,
    )
    db.session.add(row)
    db.session.flush()
    return row


def visit(member: Member, mall: Mall, moment: datetime) -> None:
    """They drive into the mall."""
    events.record(
        member.id,
        kind=EventKind.VISITED,
        fact=Fact("test", f"visit-{next(_numbers)}"),
        occurred_at=moment,
        mall_id=mall.id,
    )


def invitation_of(friend: Member | int) -> Invitation:
    """The friend's invitation as it is now."""
    member_id = friend if isinstance(friend, int) else friend.id
    return db.session.scalars(
        select(Invitation).where(Invitation.member_id == member_id).execution_options(populate_existing=True)
    ).one()
