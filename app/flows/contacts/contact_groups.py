"""Customer groups of WeCom: who comes is known as a person and stands on their timeline, and so does who is gone."""

from collections.abc import Mapping
from datetime import datetime

from app.contacts import facts
from app.contacts.groups import groups
from app.contacts.groups.models import WecomGroup
from app.flows.consequences import contact
from app.identity import queries
from app.identity.models import IdentityKind
from app.malls import queries as malls
from app.timeline import events
from app.timeline.models import EventKind
from app.wechat.wecom_groups import CustomerGroup, GroupPerson


def list_new(group: CustomerGroup) -> list[GroupPerson]:
    """Whom we do not know to be in the group since then."""
    known = groups.find(group.chat_id)
    joined = {} if known is None else groups.list_joined(known.id)
    return [person for person in group.people if person.joined_at not in _since(joined, person)]


def _since(joined: Mapping[str, datetime], person: GroupPerson) -> set[datetime | None]:
    """Since when we know them in the group, by their id, or by what stands for it once they have left the product."""
    return {joined.get(name) for name in (person.external_user_id, groups.digest(person.external_user_id))}


def join_group(group: CustomerGroup, person: GroupPerson, *, read_at: datetime, now: datetime) -> bool:
    """Somebody is in the group: know them, and put it on their timeline; False when it is known, or not so any more."""
    kept = _lock(group, read_at=read_at)
    if kept is None:
        return False
    member = contact.know(person.external_user_id, person.unionid, home_mall_id=malls.list_malls()[0].id, now=now)
    if not groups.record_joined(kept.id, person.external_user_id, at=person.joined_at):
        return False
    events.record(
        member.id,
        kind=EventKind.GROUP_JOINED,
        fact=facts.in_group(kept.id, person.joined_at),
        occurred_at=person.joined_at,
    )
    return True


def settle_group(group: CustomerGroup, *, read_at: datetime, changed_at: datetime) -> int:
    """Whoever is not in the group any more left it when it last changed; returns how many."""
    kept = _lock(group, read_at=read_at)
    return 0 if kept is None else _leave(kept, _names(group), at=changed_at)


def _names(group: CustomerGroup) -> set[str]:
    ids = {person.external_user_id for person in group.people}
    return ids | {groups.digest(external_user_id) for external_user_id in ids}


def dissolve_group(chat_id: str, *, at: datetime) -> int:
    """The group is no more; returns how many were in it."""
    kept = groups.dissolve(chat_id, at=at)
    return 0 if kept is None else _leave(kept, set(), at=at)


def _lock(group: CustomerGroup, *, read_at: datetime) -> WecomGroup | None:
    return groups.lock(group.chat_id, name=group.name, owner_user_id=group.owner_user_id, read_at=read_at)


def _leave(kept: WecomGroup, staying: set[str], *, at: datetime) -> int:
    joined = groups.list_joined(kept.id)
    gone = groups.record_left(kept.id, but=staying, at=at)
    for external_user_id in sorted(gone):
        member_id = queries.find_member_id(IdentityKind.WECOM_EXTERNAL, external_user_id)
        if member_id is not None:
            events.record(
                member_id,
                kind=EventKind.GROUP_LEFT,
                fact=facts.in_group(kept.id, joined[external_user_id]),
                occurred_at=max(at, joined[external_user_id]),
            )
    return len(gone)
