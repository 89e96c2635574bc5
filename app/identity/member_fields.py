"""What members can be asked for: when they joined and where, what they are recognised by, what they like."""

from collections.abc import Mapping

from sqlalchemy import func, true

from app.identity.asking.fields import Field, Kind, Rows, by_code, fixed
from app.identity.models import IdentityKind, Member, MemberIdentity, MemberPreference
from app.identity.preferences import CATEGORIES
from app.kernel.db import table_of
from app.malls import queries as malls

_MEMBERS, _IDENTITIES, _PREFERENCES = table_of(Member), table_of(MemberIdentity), table_of(MemberPreference)
_KNOWN_BY = Rows(name="known_by", table=_IDENTITIES, member_id=_IDENTITIES.c.member_id, at=_IDENTITIES.c.bound_at)
_LIKES = Rows(name="likes", table=_PREFERENCES, member_id=_PREFERENCES.c.member_id, at=_PREFERENCES.c.chosen_at)
# Where somebody can be met, if they agree; phones and cards are everybody's.
_CHANNELS = (IdentityKind.MINI_OPENID, IdentityKind.OA_OPENID, IdentityKind.WECOM_EXTERNAL)


def _mall_codes(mall_id: int | None) -> Mapping[str, str]:
    return {str(mall.id): mall.name for mall in malls.list_malls() if mall_id in (None, mall.id)}


FIELDS = by_code(
    Field(
        code="joined",
        kind=Kind.DAY,
        subject="membership",
        value=lambda asking: asking.row(_MEMBERS, "id").joined_at,
        is_plain=True,
    ),
    Field(
        code="home_mall",
        kind=Kind.CHOICE,
        subject="membership",
        value=lambda asking: asking.row(_MEMBERS, "id").home_mall_id,
        codes=_mall_codes,
        is_plain=True,
    ),
    Field(
        code="has_plate",
        kind=Kind.FLAG,
        subject="membership",
        value=lambda asking: asking.over(
            _KNOWN_BY, func.bool_or(true()), _IDENTITIES.c.kind == IdentityKind.PLATE.value
        ),
        is_plain=True,
    ),
    Field(
        code="channels",
        kind=Kind.SET,
        subject="reach",
        value=lambda asking: asking.over(_KNOWN_BY, func.bool_or(true()), _IDENTITIES.c.kind.in_(asking.codes)),
        codes=fixed(*(kind.value for kind in _CHANNELS)),
        is_plain=True,
    ),
    Field(
        code="preferences",
        kind=Kind.SET,
        subject="profile",
        value=lambda asking: asking.over(_LIKES, func.bool_or(true()), _PREFERENCES.c.category.in_(asking.codes)),
        codes=lambda _: CATEGORIES,
    ),
)
