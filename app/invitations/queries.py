"""Reading invitations: a member's own, what is due, what a mall's came to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from app.invitations.models import Invitation, Status
from app.kernel.db import db
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page

ORDER = Order(Invitation.joined_at.desc(), Invitation.inviter_id.desc(), Invitation.member_id.desc())
MINE = Order(Invitation.joined_at.desc(), Invitation.member_id.desc())


@dataclass(frozen=True, slots=True)
class Came:
    """What some invitations came to: friends who joined, came and counted, and what they brought.

    Of who came, `bought` counted by a purchase, all others by a visit.
    """

    joined: int = 0
    acted: int = 0
    bought: int = 0
    paid: int = 0
    points: int = 0
    growth: int = 0

    @property
    def visited(self) -> int:
        """Who counted by a visit."""
        return self.acted - self.bought


@dataclass(frozen=True, slots=True)
class Ranked:
    """An inviter, by the number that the rows have, with what theirs came to."""

    inviter_id: int
    came: Came


_CAME = (
    func.count(),
    func.count(Invitation.acted_at),
    func.count().filter(Invitation.act == "purchase"),
    func.count().filter(Invitation.status == Status.PAID.value),
    func.coalesce(func.sum(Invitation.points), 0),
    func.coalesce(func.sum(Invitation.growth), 0),
)


def list_due(*, now: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """Which ones are to be looked at now (inviter, friend), the longest waiting first."""
    due = select(Invitation.inviter_id, Invitation.member_id).where(Invitation.look_at <= now)
    return db.session.execute(due.order_by(Invitation.look_at).limit(limit)).tuples().all()


def find(inviter_id: int, member_id: int) -> Invitation | None:
    """An invitation as it is now."""
    return db.session.get(Invitation, (inviter_id, member_id), populate_existing=True)


def list_asked(inviter_ids: Sequence[int], mall_id: int) -> Sequence[Invitation]:
    """Those of an inviter about which people are asked, the oldest first."""
    asked = (Invitation.mall_id == mall_id, Invitation.status == Status.ASKED.value)
    return _list(inviter_ids, *asked)


def list_since(inviter_ids: Sequence[int], since: datetime) -> Sequence[Invitation]:
    """Those of an inviter since a moment, the oldest first."""
    return _list(inviter_ids, Invitation.joined_at >= since)


def _list(inviter_ids: Sequence[int], *wanted: ColumnElement[bool]) -> Sequence[Invitation]:
    own = select(Invitation).where(Invitation.inviter_id.in_(inviter_ids), *wanted)
    return db.session.scalars(own.order_by(Invitation.joined_at, Invitation.member_id)).all()


def count_paid(inviter_ids: Sequence[int], mall_id: int, *, since: datetime, until: datetime) -> int:
    """For how many friends an inviter was given something whose first act lies between two moments."""
    one = Invitation
    paid = select(func.count()).where(
        one.inviter_id.in_(inviter_ids),
        one.mall_id == mall_id,
        one.status == Status.PAID.value,
        one.acted_at >= since,
        one.acted_at < until,
    )
    return db.session.scalar(paid) or 0


def count_given(inviter_ids: Sequence[int], *, since: datetime) -> int:
    """For how many friends an inviter was given growth since a moment."""
    given = (Invitation.inviter_id.in_(inviter_ids), Invitation.growth > 0, Invitation.closed_at >= since)
    return db.session.scalar(select(func.count()).where(*given)) or 0


def is_invited_before(member_ids: Sequence[int], joined_at: datetime) -> bool:
    """Whether somebody, under any of their numbers, joined by an invitation before."""
    earlier = select(Invitation.member_id).where(
        Invitation.member_id.in_(member_ids), Invitation.joined_at < joined_at, Invitation.status != Status.VOID.value
    )
    return db.session.scalar(earlier.limit(1)) is not None


def is_invited(member_ids: Sequence[int]) -> bool:
    """Whether somebody joined by an invitation, under any of their numbers."""
    invited = select(Invitation.member_id).where(Invitation.member_id.in_(member_ids))
    return db.session.scalar(invited.limit(1)) is not None


def came_of(inviter_ids: Sequence[int], *wanted: ColumnElement[bool]) -> Came:
    """What an inviter's came to."""
    row = db.session.execute(select(*_CAME).where(Invitation.inviter_id.in_(inviter_ids), *wanted)).one()
    return Came(*map(int, row))


def came_in(mall_id: int, *, since: datetime, until: datetime) -> Came:
    """What those of friends came to who joined in a mall between two moments."""
    return Came(*map(int, db.session.execute(select(*_CAME).where(*_between(mall_id, since, until))).one()))


def rank(mall_id: int, *, since: datetime, until: datetime, limit: int) -> Sequence[Ranked]:
    """Who brought the most friends who counted, then the most who joined, between two moments."""
    rows = db.session.execute(
        select(Invitation.inviter_id, *_CAME)
        .where(*_between(mall_id, since, until))
        .group_by(Invitation.inviter_id)
        .order_by(_CAME[3].desc(), _CAME[0].desc(), Invitation.inviter_id)
        .limit(limit)
    )
    return [Ranked(row[0], Came(*map(int, row[1:]))) for row in rows]


def count_why(mall_id: int, *, since: datetime, until: datetime) -> Mapping[str, int]:
    """How many brought nothing, by why."""
    rows = select(Invitation.why, func.count()).where(*_between(mall_id, since, until), Invitation.why.is_not(None))
    return {why: count for why, count in db.session.execute(rows.group_by(Invitation.why)).tuples() if why}


def _between(mall_id: int, since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return Invitation.mall_id == mall_id, Invitation.joined_at >= since, Invitation.joined_at < until


def list_invitations(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[Invitation]:
    """A page of invitations, the latest first if not asked otherwise."""
    return keyset.scalars(select(Invitation).where(*wanted), order, asked)
