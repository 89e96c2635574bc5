"""Personal data: which adviser somebody added."""

from typing import Any

from sqlalchemy import Select, exists, select

from app.contacts.models import WecomContact
from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.personal_data import Ids, Sections


def _contacts(ids: Ids) -> Select[Any]:
    theirs = exists().where(
        MemberIdentity.kind == IdentityKind.WECOM_EXTERNAL.value,
        MemberIdentity.value == WecomContact.external_user_id,
        MemberIdentity.member_id.in_(ids),
    )
    return (
        select(WecomContact.user_id.label("adviser"), WecomContact.added_at, WecomContact.removed_at)
        .where(theirs)
        .order_by(WecomContact.changed_at)
    )


SECTIONS: Sections = {
    "advisers": _contacts,
}
