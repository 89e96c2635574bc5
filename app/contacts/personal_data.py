"""Personal data: which adviser somebody added, and in which of our groups they are."""

from typing import Any

from sqlalchemy import Select, select

from app.contacts.groups.models import WecomGroup, WecomGroupPerson
from app.contacts.models import WecomContact
from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.personal_data import Ids, Sections


def _external_ids(ids: Ids) -> Select[tuple[str]]:
    return select(MemberIdentity.value).where(
        MemberIdentity.kind == IdentityKind.WECOM_EXTERNAL.value, MemberIdentity.member_id.in_(ids)
    )


def _contacts(ids: Ids) -> Select[Any]:
    theirs = _external_ids(ids)
    return (
        select(WecomContact.user_id.label("adviser"), WecomContact.added_at, WecomContact.removed_at)
        .where(WecomContact.external_user_id.in_(theirs))
        .order_by(WecomContact.changed_at)
    )


def _groups(ids: Ids) -> Select[Any]:
    one, theirs = WecomGroupPerson, _external_ids(ids)
    return (
        select(WecomGroup.name.label("group"), one.joined_at, one.left_at)
        .join(WecomGroup, WecomGroup.id == one.group_id)
        .where(one.external_user_id.in_(theirs))
        .order_by(one.joined_at)
    )


SECTIONS: Sections = {
    "advisers": _contacts,
    "chat_groups": _groups,
}
