"""The audit log: who changed what, where, with which facts. Only grows; facts hold no personal data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Insert, bindparam, insert, or_, select

from app.access.models import AuditEntry
from app.access.scopes import GROUP, Place, Scope
from app.kernel import clock
from app.kernel.db import db, table_of
from app.kernel.fastpath import fragments
from app.kernel.fastpath.prepared import Prepared
from app.kernel.lists import keyset
from app.kernel.lists.keyset import FIRST, Asked, Order, Page


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: kind `staff`, `machine`, `member` or `system`, the id of that kind, and the name to show."""

    kind: str
    id: int | None
    name: str


SYSTEM = Actor("system", None, "system")
ORDER = Order(AuditEntry.id.desc())

_FIELDS = (
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "action",
    "subject",
    "mall_id",
    "merchant_id",
    "store_id",
    "facts",
)
_INSERT = Prepared(insert(table_of(AuditEntry)).values({name: bindparam(name) for name in _FIELDS}))


def record(
    actor: Actor,
    *,
    action: str,
    subject: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    place: Place = GROUP,
) -> None:
    """Write one entry at the end of the caller's transaction; `subject` names a row as `<kind>:<id>`.

    `now` is when the act began. The entry bears the moment it is written, which is after the act's locks: acts that
    waited for one another stand in the order in which they were done.
    """
    write(row(actor, action=action, subject=subject, now=max(now, clock.now()), facts=facts, place=place))


def write(entry: dict[str, Any]) -> None:
    """As `record`, for an entry whose values `row` has made."""
    _INSERT.later(entry)


def row(
    actor: Actor,
    *,
    action: str,
    subject: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
    place: Place = GROUP,
) -> dict[str, Any]:
    """The values of an entry, as `record` writes them."""
    return {
        "at": now,
        "actor_kind": actor.kind,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "action": action,
        "subject": subject,
        "mall_id": place.mall_id,
        "merchant_id": place.merchant_id,
        "store_id": place.store_id,
        "facts": dict(facts or {}),
    }


def insert_for_each(origin: FromClause, *, prefix: str) -> Insert:
    """What `record` writes, as a part of a larger statement; its values are those of `row`."""
    return fragments.insert_for_each(origin, table_of(AuditEntry), _FIELDS, prefix=prefix)


def list_entries(
    scope: Scope, *, permission: str = "audit.view", asked: Asked = FIRST, **narrowed: Any
) -> Page[AuditEntry]:
    """A page of the entries in the scope's places, the newest first; narrowed as `conditions` are."""
    return list_wanted(*conditions(scope, permission=permission, **narrowed), asked=asked)


def list_wanted(*wanted: ColumnElement[bool], order: Order = ORDER, asked: Asked = FIRST) -> Page[AuditEntry]:
    """A page of the wanted entries, the newest first if not asked otherwise."""
    return keyset.scalars(select(AuditEntry).where(*wanted), order, asked)


def conditions(
    scope: Scope,
    *,
    permission: str = "audit.view",
    action: str | None = None,
    without: Sequence[str] = (),
    subject: str | None = None,
    mall_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[ColumnElement[bool]]:
    """Entries in the scope's places.

    `action` is a prefix of those wanted, `without` are prefixes of those left out. With `mall_id` only those
    of that mall and of no mall in particular.
    """
    places = {"mall_id": AuditEntry.mall_id, "merchant_id": AuditEntry.merchant_id, "store_id": AuditEntry.store_id}
    wanted = [scope.condition(permission, **places)]
    if mall_id is not None:
        wanted.append(or_(AuditEntry.mall_id == mall_id, AuditEntry.mall_id.is_(None)))
    if since is not None:
        wanted.append(AuditEntry.at >= since)
    if until is not None:
        wanted.append(AuditEntry.at < until)
    if action is not None:
        wanted.append(is_of(action))
    wanted += [~is_of(hidden) for hidden in without]
    if subject is not None:
        wanted.append(AuditEntry.subject == subject)
    return wanted


def find_actor(action: str, subject: str, *, near: datetime) -> str | None:
    """The name of who did something to a thing at about that time."""
    span = AuditEntry.at.between(near, near + timedelta(minutes=5))
    wanted = (span, AuditEntry.action == action, AuditEntry.subject == subject)
    return db.session.scalar(select(AuditEntry.actor_name).where(*wanted).order_by(AuditEntry.id).limit(1))


def is_of(action: str) -> ColumnElement[bool]:
    """The condition that an entry's action begins so."""
    return AuditEntry.action.startswith(action, autoescape=True)
