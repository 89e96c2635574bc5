"""Planning messages, and deciding at the last moment which of them may go.

A claim happens under the member's lock: earlier touches are counted, the consent is taken and the message is marked
`sending` in one transaction. Whoever commits it hands the message to the platform afterwards, at most once, and tells
`deliveries` how that went.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, literal, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from app.identity.models import Member
from app.kernel import outbox
from app.kernel.db import db
from app.kernel.distribution import database
from app.kernel.facts import Fact
from app.outreach.consents import consents
from app.outreach.messages import facts, rules
from app.outreach.messages.kinds import Channel, MessageKind
from app.outreach.messages.known_kinds import KINDS
from app.outreach.messages.models import MessageStatus, OutreachMessage, Reason
from app.outreach.messages.rules import Wait
from app.outreach.touch_rules import policy

# Longer than a batch takes with every call at its time-out; a worker silent for longer is taken for dead.
LEASE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Content:
    """What the member reads: the template's values by field name, and the page that a tap opens."""

    data: dict[str, str]
    page: str


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that may go out once, by this worker, before `lease_until`."""

    member_id: int
    message_id: int
    attempt: int
    kind: MessageKind
    content: Content
    lease_until: datetime

    @property
    def fact(self) -> Fact:
        """What names this attempt among the member's consent events."""
        return facts.attempt(self.message_id, self.attempt)


def plan(
    member_id: int,
    *,
    kind: MessageKind,
    dedupe_key: str,
    facts: Mapping[str, Any],
    send_until: datetime,
    now: datetime,
    due_at: datetime | None = None,
    mall_id: int | None = None,
    content: Content | None = None,
) -> bool:
    """Plan a message once for its key, at `due_at` or the end of the quiet hours it falls in; False when it was known.

    `facts` name what it is about and hold no personal data; `content` is given unless the kind is composed late.
    """
    if (content is None) is not kind.composed_late:
        raise ValueError(f"{kind.code} is composed {'when it goes' if kind.composed_late else 'when it is planned'}")
    wanted = due_at or now
    due = rules.first_chance(kind, due_at=wanted, policy=policy.at(now))
    statement = insert(OutreachMessage).values(
        **_constants(kind, now=now),
        member_id=member_id,
        mall_id=mall_id,
        dedupe_key=dedupe_key,
        facts=dict(facts),
        content=None if content is None else {"data": content.data, "page": content.page},
        due_at=due,
        reason=Reason.QUIET_HOURS.value if due > wanted else None,
        send_until=send_until,
    )
    written = db.session.execute(
        statement.on_conflict_do_nothing(index_elements=["member_id", "dedupe_key"]).returning(OutreachMessage.id)
    )
    return written.first() is not None


def plan_selected(kind: MessageKind, rows: Select[Any], *, now: datetime) -> int:
    """Plan one message per row of (member_id, mall_id, dedupe_key, facts, send_until); returns how many were new."""
    due = rules.first_chance(kind, due_at=now, policy=policy.at(now))
    constants = _constants(kind, now=now) | {
        "due_at": due,
        "reason": Reason.QUIET_HOURS.value if due > now else None,
    }
    source = rows.subquery()
    chosen = ["member_id", "mall_id", "dedupe_key", "facts", "send_until"]
    values: list[ColumnElement[Any]] = [
        literal(value, OutreachMessage.__table__.c[name].type) for name, value in constants.items()
    ]
    statement = insert(OutreachMessage).from_select(
        [*chosen, *constants], select(*(source.c[name] for name in chosen), *values)
    )
    written = db.session.execute(
        statement.on_conflict_do_nothing(index_elements=["member_id", "dedupe_key"]).returning(OutreachMessage.id)
    )
    return len(written.all())


def _constants(kind: MessageKind, *, now: datetime) -> dict[str, Any]:
    return {
        "kind": kind.code,
        "marketing": kind.is_marketing,
        "channel": kind.channel.value,
        "template": kind.template.value if kind.template else "",
        "status": MessageStatus.PLANNED.value,
        "planned_at": now,
        "attempts": 0,
    }


def lock_due(channel: Channel, *, now: datetime, limit: int) -> tuple[list[OutreachMessage], bool]:
    """The channel's due messages with their members locked, oldest first, and whether more may be due.

    Members whom somebody else holds are left for the next round: no worker waits for another. Whoever changes a message
    holds its member, so the messages need no lock of their own.
    """
    keys = _due_keys(channel, now=now, limit=limit)
    members = _lock_members({member_id for member_id, _ in keys})
    mine = [key for key in keys if key[0] in members]
    if not mine:
        return [], False
    messages = db.session.scalars(
        select(OutreachMessage)
        .where(
            tuple_(OutreachMessage.member_id, OutreachMessage.id).in_(mine),
            OutreachMessage.status == MessageStatus.PLANNED.value,
            OutreachMessage.due_at <= now,
        )
        .order_by(OutreachMessage.due_at, OutreachMessage.member_id, OutreachMessage.id)
        .execution_options(populate_existing=True)
    ).all()
    return list(messages), len(keys) == limit


def _due_keys(channel: Channel, *, now: datetime, limit: int) -> list[tuple[int, int]]:
    due = and_(
        OutreachMessage.status == MessageStatus.PLANNED.value,
        OutreachMessage.due_at <= now,
        OutreachMessage.channel == channel.value,
    )
    rows = db.session.execute(outbox.due_first(OutreachMessage, due, limit=limit))
    return [(row.member_id, row.id) for row in rows]


def _lock_members(member_ids: set[int]) -> set[int]:
    # NO KEY UPDATE: rows that merely refer to the member can still be written meanwhile.
    locked: set[int] = set()
    for ids in database.lockable(member_ids):
        locked.update(
            db.session.scalars(
                select(Member.id)
                .where(Member.id.in_(ids))
                .order_by(Member.id)
                .with_for_update(key_share=True, skip_locked=True)
            )
        )
    return locked


def claim(message: OutreachMessage, content: Content, *, now: datetime) -> Claim | None:
    """Take a message of `lock_due` for sending, or put it off, or hold it back with the reason; None unless taken.

    From here on it counts as a touch and its consent is spent, whatever becomes of the worker.
    """
    kind = KINDS[message.kind]
    in_force = policy.at(now)
    touches = list_touches(message.member_id, since=now - in_force.window) if kind.is_marketing else []
    wait = rules.obstacle(kind, touches=touches, now=now, send_until=message.send_until, policy=in_force)
    if wait is not None:
        hold(message, wait)
        return None
    taken = Claim(message.member_id, message.id, message.attempts + 1, kind, content, now + LEASE)
    if kind.template is not None and kind.channel is Channel.SUBSCRIBE:
        if not consents.reserve(message.member_id, template=kind.template, fact=taken.fact, now=now):
            hold(message, Wait(Reason.NO_CONSENT, None))
            return None
    _mark_sending(message, taken, now)
    return taken


def list_touches(member_id: int, *, since: datetime) -> Sequence[datetime]:
    """When marketing reached the member, or may have, after the moment; over all channels."""
    return db.session.scalars(
        select(OutreachMessage.touched_at).where(
            OutreachMessage.member_id == member_id,
            OutreachMessage.marketing,
            OutreachMessage.touched_at.is_not(None),
            OutreachMessage.touched_at > since,
        )
    ).all()  # type: ignore[return-value]  # the condition leaves no null


def hold(message: OutreachMessage, wait: Wait) -> None:
    """Put off a message of `lock_due` to its next chance, or hold it back for good when there is none in its life."""
    message.reason = wait.reason.value
    if wait.until is not None and wait.until < message.send_until:
        message.due_at = wait.until
    else:
        message.status = MessageStatus.SUPPRESSED.value
    db.session.flush()


def cancel_all(member_ids: Sequence[int]) -> int:
    """Hold back what waits for a locked member who leaves, and forget the texts of all their messages.

    Returns how many waited. What a worker has in its hands may still go out.
    """
    theirs = OutreachMessage.member_id.in_(member_ids)
    cancelled = db.session.execute(
        update(OutreachMessage)
        .where(theirs, OutreachMessage.status == MessageStatus.PLANNED.value)
        .values(status=MessageStatus.SUPPRESSED.value, reason=Reason.MEMBER_GONE.value)
        .returning(OutreachMessage.id)
    ).all()
    db.session.execute(update(OutreachMessage).where(theirs).values(content=None))
    return len(cancelled)


def _mark_sending(message: OutreachMessage, taken: Claim, now: datetime) -> None:
    message.status = MessageStatus.SENDING.value
    message.reason = None
    message.last_error = None
    message.content = {"data": taken.content.data, "page": taken.content.page}
    message.attempts = taken.attempt
    message.claimed_at = now
    message.touched_at = now
    message.lease_until = taken.lease_until
    db.session.flush()
