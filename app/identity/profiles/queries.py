"""Reading what members told, how complete it is, and who is left out of profiling."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Integer, case, cast, exists, func, select
from sqlalchemy.sql.elements import SQLCoreOperations

from app.identity.models import Member, MemberPreference, MemberStatus
from app.identity.profiles import rules
from app.identity.profiles.models import MemberHousehold, MemberProfile
from app.identity.profiles.rules import Birthday, Field
from app.kernel.db import db


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """How many children of each band there are, and when that was told."""

    children: Mapping[str, int]
    told_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that a member told, and what they decided about its use."""

    preferences: Sequence[str]
    birthday: Birthday | None
    birthday_changed_on: date | None
    nearby: str | None
    household: Household | None
    skipped: Sequence[str]
    profiling_off_at: datetime | None

    @property
    def told(self) -> list[Field]:
        """The fields that have an answer."""
        answers = {
            Field.PREFERENCES: bool(self.preferences),
            Field.BIRTHDAY: self.birthday is not None,
            Field.NEARBY: self.nearby is not None,
            Field.HOUSEHOLD: self.household is not None,
        }
        return [field for field in Field if answers[field]]

    @property
    def completeness_bps(self) -> int:
        return rules.completeness_bps(self.told)

    @property
    def open_fields(self) -> list[Field]:
        """What may still be asked for, in the order of asking."""
        return rules.open_fields(self.told, self.skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """So many members: how many of them told everything and each field, and how complete each is, added up in bps."""

    members: int
    complete: int
    sum_bps: int
    told: Mapping[Field, int]


def birthday_of(profile: MemberProfile | None) -> Birthday | None:
    if profile is None or profile.birth_month is None or profile.birth_day is None:
        return None
    return Birthday(profile.birth_month, profile.birth_day, profile.birth_year)


def birthdays_of(member_ids: Collection[int]) -> dict[int, Birthday]:
    """The birthdays of those of the members who told theirs."""
    rows = db.session.scalars(
        select(MemberProfile).where(MemberProfile.member_id.in_(member_ids), MemberProfile.birth_month.is_not(None))
    )
    return {one.member_id: birthday for one in rows if (birthday := birthday_of(one)) is not None}


def children_of(household: MemberHousehold) -> dict[str, int]:
    return {band: getattr(household, band) for band in rules.BANDS}


def get_profile(member_id: int) -> Profile:
    """What the member told; an empty profile for who told nothing."""
    row = db.session.get(MemberProfile, member_id)
    household = db.session.get(MemberHousehold, member_id)
    return Profile(
        preferences=list_preferences(member_id),
        birthday=birthday_of(row),
        birthday_changed_on=row.birthday_changed_on if row else None,
        nearby=row.nearby if row else None,
        household=Household(children=children_of(household), told_at=household.told_at) if household else None,
        skipped=row.skipped if row else [],
        profiling_off_at=row.profiling_off_at if row else None,
    )


def list_preferences(member_id: int) -> Sequence[str]:
    """What the member likes, by code."""
    one = MemberPreference
    return db.session.scalars(select(one.category).where(one.member_id == member_id).order_by(one.category)).all()


def is_profiled(member_id: SQLCoreOperations[int]) -> ColumnElement[bool]:
    """Whether the member of a statement's column may be concluded about: they have not switched profiling off.

    What makes tags, predictions and segments of more than plain facts asks for it; an index has those who did.
    """
    one = MemberProfile
    return ~exists().where(one.member_id == member_id, one.profiling_off_at.is_not(None))


_PREFERRED = select(MemberPreference.member_id).distinct().subquery("preferred")
_TOLD: dict[Field, ColumnElement[bool]] = {
    Field.PREFERENCES: _PREFERRED.c.member_id.is_not(None),
    Field.BIRTHDAY: MemberProfile.birth_month.is_not(None),
    Field.NEARBY: MemberProfile.nearby.is_not(None),
    Field.HOUSEHOLD: MemberHousehold.member_id.is_not(None),
}


def count_told(mall_id: int) -> Told:
    """How complete the profiles of those are whose home the mall is and who have joined: reads every one of them."""
    told = (case((_TOLD[field], weight), else_=0) for field, weight in rules.WEIGHTS.items())
    bps = sum(told, start=cast(0, Integer))
    row = db.session.execute(
        select(
            func.count().label("members"),
            func.count().filter(bps == rules.COMPLETE_BPS).label("complete"),
            func.coalesce(func.sum(bps), 0).label("sum_bps"),
            *(func.count().filter(_TOLD[field]).label(field.value) for field in Field),
        )
        .select_from(Member)
        .outerjoin(MemberProfile, MemberProfile.member_id == Member.id)
        .outerjoin(MemberHousehold, MemberHousehold.member_id == Member.id)
        .outerjoin(_PREFERRED, _PREFERRED.c.member_id == Member.id)
        .where(Member.status == MemberStatus.MEMBER.value, Member.home_mall_id == mall_id)
    ).one()
    told_by = {field: int(getattr(row, field.value)) for field in Field}
    return Told(members=row.members, complete=row.complete, sum_bps=int(row.sum_bps), told=told_by)
