"""Personal data: which adviser somebody added."""

from typing import Any

from sqlalchemy import Select, select

from app.contacts.models import WecomContact
from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.personal_data import Ids, Sections


def _contacts(ids: Ids) -> Select[Any]:
    theirs = select(MemberIdentity.value).where(
        MemberIdentity.kind == IdentityKind.WECOM_EXTERNAL.value, MemberIdentity.member_id.in_(ids)
    )
    return (
        select(WecomContact.user_id.label("adviser"), WecomContact.added_at, WecomContact.removed_at)
        .where(WecomContact.external_user_id.in_(theirs))
        .order_by(WecomContact.changed_at)
    )


SECTIONS: Sections = {
    "advisers": _contacts,
}
