"""What members can be asked for: what they told of themselves.

A birthday is plain, because its gift belongs to membership. Children and what lies nearby were told so that the mall
may choose what to offer, which is what switching profiling off ends.
"""

from sqlalchemy import ColumnElement, Integer, case, cast, func, or_, true

from app.identity.asking.fields import Asking, Field, Kind, Rows, Unit, by_code, fixed
from app.identity.models import MemberPreference
from app.identity.profiles import rules
from app.identity.profiles.models import MemberHousehold, MemberProfile, Nearby
from app.identity.profiles.rules import Field as Told
from app.kernel.db import table_of

_PROFILES, _HOUSEHOLDS, _PREFERENCES = table_of(MemberProfile), table_of(MemberHousehold), table_of(MemberPreference)
_LIKES = Rows(name="likes", table=_PREFERENCES, member_id=_PREFERENCES.c.member_id, at=_PREFERENCES.c.chosen_at)


def _birthday(asking: Asking) -> ColumnElement[int]:
    profile = asking.row(_PROFILES)
    return profile.birth_month * 100 + profile.birth_day


def _children(asking: Asking) -> ColumnElement[bool]:
    household = asking.row(_HOUSEHOLDS)
    return or_(*(household[band] > 0 for band in asking.codes))


def _completeness(asking: Asking) -> ColumnElement[int]:
    told = {
        Told.PREFERENCES: asking.over(_LIKES, func.bool_or(true())),
        Told.BIRTHDAY: asking.row(_PROFILES).birth_month.is_not(None),
        Told.NEARBY: asking.row(_PROFILES).nearby.is_not(None),
        Told.HOUSEHOLD: asking.row(_HOUSEHOLDS).told_at.is_not(None),
    }
    return sum((case((told[one], weight), else_=0) for one, weight in rules.WEIGHTS.items()), start=cast(0, Integer))


FIELDS = by_code(
    Field(code="birthday", kind=Kind.SEASON, subject="profile", value=_birthday, is_plain=True),
    Field(
        code="nearby",
        kind=Kind.CHOICE,
        subject="profile",
        value=lambda asking: asking.row(_PROFILES).nearby,
        codes=fixed(*(one.value for one in Nearby)),
    ),
    Field(code="children", kind=Kind.SET, subject="profile", value=_children, codes=fixed(*rules.BANDS)),
    Field(
        code="completeness",
        kind=Kind.NUMBER,
        unit=Unit.BPS,
        most=rules.COMPLETE_BPS,
        subject="profile",
        value=_completeness,
        is_plain=True,
    ),
)
