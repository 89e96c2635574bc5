"""What members can be asked for: whether they are a contact of our staff in WeCom now, or in one of their groups."""

from sqlalchemy import and_, func, true

from app.contacts.groups.models import WecomGroupPerson
from app.contacts.models import WecomContact
from app.identity.asking.fields import Field, Kind, Rows, by_code
from app.identity.models import IdentityKind, MemberIdentity
from app.kernel.db import table_of

_CONTACTS, _PEOPLE, _IDENTITIES = map(table_of, (WecomContact, WecomGroupPerson, MemberIdentity))
_BEFRIENDED = Rows(
    name="befriended",
    table=_CONTACTS.join(
        _IDENTITIES,
        and_(
            _IDENTITIES.c.value == _CONTACTS.c.external_user_id,
            _IDENTITIES.c.kind == IdentityKind.WECOM_EXTERNAL.value,
        ),
    ),
    member_id=_IDENTITIES.c.member_id,
    at=_CONTACTS.c.added_at,
)

_GROUPED = Rows(
    name="grouped",
    table=_PEOPLE.join(
        _IDENTITIES,
        and_(
            _IDENTITIES.c.value == _PEOPLE.c.external_user_id,
            _IDENTITIES.c.kind == IdentityKind.WECOM_EXTERNAL.value,
        ),
    ),
    member_id=_IDENTITIES.c.member_id,
    at=_PEOPLE.c.joined_at,
)

FIELDS = by_code(
    Field(
        code="wecom_group",
        kind=Kind.FLAG,
        subject="reach",
        value=lambda asking: asking.over(_GROUPED, func.bool_or(true()), _PEOPLE.c.left_at.is_(None)),
        is_plain=True,
    ),
    Field(
        code="wecom_contact",
        kind=Kind.FLAG,
        subject="reach",
        value=lambda asking: asking.over(
            _BEFRIENDED,
            func.bool_or(true()),
            _CONTACTS.c.added_at.is_not(None),
            _CONTACTS.c.removed_at.is_(None),
        ),
        is_plain=True,
    ),
)
