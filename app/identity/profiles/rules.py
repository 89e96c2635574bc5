"""What a profile consists of, how complete it is, and when a birthday is and may be changed."""

from calendar import isleap, monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.identity.profiles.errors import BirthdayChangedLately, BirthdayImpossible, GuardianRequired

# Somebody younger cannot agree for themselves.
CONSENT_AGE = 14
_OLDEST_YEAR = 1900
_ANY_LEAP_YEAR = 2000

# Children are told by these ages, in years, both ends included; columns of MemberHousehold.
BANDS = ("age_0_2", "age_3_6", "age_7_12", "age_13_17")
MOST_CHILDREN = 5  # of one band


class Field(StrEnum):
    """What a member can tell, in the order in which it is asked for: the most harmless first."""

    PREFERENCES = "preferences"
    BIRTHDAY = "birthday"
    NEARBY = "nearby"
    HOUSEHOLD = "household"


# What each adds to a complete profile, in basis points; together 10000.
WEIGHTS = {Field.PREFERENCES: 3_000, Field.BIRTHDAY: 3_000, Field.NEARBY: 2_000, Field.HOUSEHOLD: 2_000}
COMPLETE_BPS = 10_000


def completeness_bps(told: Collection[Field]) -> int:
    """How complete a profile is with these fields, from 0 to 10000."""
    return sum(WEIGHTS[field] for field in set(told))


def open_fields(told: Collection[Field], skipped: Collection[str]) -> list[Field]:
    """What may still be asked for, in the order of asking."""
    return [field for field in Field if field not in told and field.value not in skipped]


@dataclass(frozen=True, slots=True)
class Birthday:
    """A month and a day, and the year for who wants to tell it."""

    month: int
    day: int
    year: int | None = None

    def in_year(self, year: int) -> date:
        """The day on which it is kept in a year: the 29th of February on the 28th in a year without one."""
        is_missing = (self.month, self.day) == (2, 29) and not isleap(year)
        return date(year, self.month, 28 if is_missing else self.day)

    def next_on(self, today: date) -> date:
        """The next day on which it is kept, which may be today."""
        this_year = self.in_year(today.year)
        return this_year if this_year >= today else self.in_year(today.year + 1)


def ensure_birthday(birthday: Birthday, *, today: date) -> None:
    """Refuse days that no calendar has, births to come or too long ago, and children.

    Raises BirthdayImpossible, GuardianRequired.
    """
    year = birthday.year or _ANY_LEAP_YEAR
    if not (_OLDEST_YEAR <= year <= today.year and 1 <= birthday.month <= 12):
        raise BirthdayImpossible
    if not 1 <= birthday.day <= monthrange(year, birthday.month)[1]:
        raise BirthdayImpossible
    if birthday.year is None:
        return
    if birthday.in_year(birthday.year) > today:
        raise BirthdayImpossible
    if today < birthday.in_year(birthday.year + CONSENT_AGE):
        raise GuardianRequired


def is_change(known: Birthday | None, told: Birthday) -> bool:
    """Whether it is another birthday; adding the year to the same day, or leaving it out, is none."""
    if known is None:
        return True
    same_day = (known.month, known.day) == (told.month, told.day)
    return not same_day or (None not in (known.year, told.year) and known.year != told.year)


def may_change_from(changed_on: date | None) -> date | None:
    """The first day on which a birthday may be changed again; None when it was never changed."""
    return None if changed_on is None else Birthday(changed_on.month, changed_on.day).in_year(changed_on.year + 1)


def ensure_change(changed_on: date | None, *, today: date) -> None:
    """Refuse a second change within a year; raises BirthdayChangedLately."""
    allowed_on = may_change_from(changed_on)
    if allowed_on is not None and today < allowed_on:
        raise BirthdayChangedLately(allowed_on=str(allowed_on))
