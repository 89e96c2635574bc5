"""How our staff reach a member in WeCom: who of them is a contact, and the groups they share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.contacts import contacts
from app.contacts.groups import groups
from app.identity import queries
from app.identity.models import IdentityKind


@dataclass(frozen=True, slots=True)
class Tie:
    """A member of staff or a group, since when, and until when if it is over."""

    label: str
    name: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Wecom:
    """Every tie, those that hold first; whether the member can be written to by it."""

    ties: Sequence[Tie]

    @property
    def is_reachable(self) -> bool:
        return any(tie.until is None for tie in self.ties)


def read(member_id: int) -> Wecom | None:
    """What there is of a member in WeCom; None for who was never there."""
    ids = [one.value for one in queries.list_identities(member_id, IdentityKind.WECOM_EXTERNAL)]
    if not ids:
        return None
    advisers = [Tie("顾问", one.user_id, one.added_at, one.removed_at) for one in contacts.list_of(ids)]
    joined = [
        Tie("群", group.name or "未命名的群", person.joined_at, person.left_at) for group, person in groups.list_of(ids)
    ]
    ties = sorted([*advisers, *joined], key=lambda tie: tie.until is not None)
    return Wecom(ties) if ties else None
