"""Personal data: what a member told of themselves and their household, and whether they may be concluded about."""

from typing import Any

from sqlalchemy import Select, case, func, select

from app.identity.profiles.models import MemberHousehold, MemberProfile
from app.kernel.personal_data import Ids, Sections


def _about_me(ids: Ids) -> Select[Any]:
    one = MemberProfile
    month, day = func.to_char(one.birth_month, "FM00"), func.to_char(one.birth_day, "FM00")
    birthday = case((one.birth_month.is_not(None), func.concat_ws("-", one.birth_year, month, day)))
    return (
        select(
            birthday.label("birthday"),
            one.birthday_first_on,
            one.birthday_changed_on,
            one.nearby,
            one.skipped,
            one.profiling_off_at,
            one.changed_at,
        )
        .where(one.member_id.in_(ids))
        .order_by(one.changed_at)
    )


def _household(ids: Ids) -> Select[Any]:
    one = MemberHousehold
    return (
        select(one.age_0_2, one.age_3_6, one.age_7_12, one.age_13_17, one.told_at)
        .where(one.member_id.in_(ids))
        .order_by(one.told_at)
    )


SECTIONS: Sections = {"about_me": _about_me, "household": _household}
