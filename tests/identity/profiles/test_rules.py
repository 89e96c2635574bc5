"""What a complete profile is, which birthdays there are, and when one may be changed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.profiles import rules
from app.identity.profiles.errors import BirthdayChangedLately, BirthdayImpossible, GuardianRequired
from app.identity.profiles.rules import Birthday, Field

pytestmark = pytest.mark.no_database

TODAY = date(2026, 11, 29)
days = st.dates(date(1950, 1, 1), date(2060, 12, 31))


def test_all_fields_together_are_a_complete_profile() -> None:
    assert rules.completeness_bps(list(Field)) == rules.COMPLETE_BPS
    assert rules.completeness_bps([]) == 0
    assert rules.completeness_bps([Field.BIRTHDAY, Field.BIRTHDAY]) == rules.WEIGHTS[Field.BIRTHDAY]


def test_nothing_is_asked_for_that_was_told_or_skipped() -> None:
    assert rules.open_fields([], []) == list(Field)
    assert rules.open_fields([Field.PREFERENCES], ["birthday"]) == [Field.NEARBY, Field.HOUSEHOLD]


@pytest.mark.parametrize(
    "birthday",
    [
        Birthday(2, 30),
        Birthday(13, 1),
        Birthday(0, 1),
        Birthday(4, 31),
        Birthday(4, 0),
        Birthday(2, 29, 1991),
        Birthday(1, 1, 1899),
        Birthday(11, 30, 2026),
        Birthday(1, 1, 2027),
    ],
)
def test_what_no_calendar_has_and_who_is_not_born_is_refused(birthday: Birthday) -> None:
    with pytest.raises(BirthdayImpossible):
        rules.ensure_birthday(birthday, today=TODAY)


@pytest.mark.parametrize("birthday", [Birthday(2, 29), Birthday(2, 29, 1992), Birthday(11, 29, 2012)])
def test_a_leap_day_and_the_fourteenth_birthday_are_fine(birthday: Birthday) -> None:
    rules.ensure_birthday(birthday, today=TODAY)


def test_a_child_cannot_agree_for_themselves() -> None:
    with pytest.raises(GuardianRequired):
        rules.ensure_birthday(Birthday(11, 30, 2012), today=TODAY)


@pytest.mark.parametrize(
    ("today", "kept_on"),
    [
        (date(2026, 3, 1), date(2027, 2, 28)),
        (date(2026, 2, 28), date(2026, 2, 28)),
        (date(2028, 2, 28), date(2028, 2, 29)),
        (date(2028, 2, 29), date(2028, 2, 29)),
    ],
)
def test_a_leap_day_is_kept_a_day_earlier_in_a_year_without_one(today: date, kept_on: date) -> None:
    assert Birthday(2, 29).next_on(today) == kept_on


@given(today=days, born=days)
def test_the_next_birthday_is_within_a_year(today: date, born: date) -> None:
    found = Birthday(born.month, born.day).next_on(today)
    assert today <= found <= today + timedelta(days=366)


@given(changed_on=days)
def test_a_changed_birthday_stays_for_a_year(changed_on: date) -> None:
    again_on = rules.may_change_from(changed_on)
    assert again_on is not None and timedelta(days=365) <= again_on - changed_on <= timedelta(days=366)
    rules.ensure_change(changed_on, today=again_on)
    with pytest.raises(BirthdayChangedLately):
        rules.ensure_change(changed_on, today=again_on - timedelta(days=1))


@pytest.mark.parametrize(
    ("known", "told", "changes"),
    [
        (Birthday(5, 1), Birthday(5, 1, 1990), False),
        (Birthday(5, 1, 1990), Birthday(5, 1), False),
        (Birthday(5, 1, 1990), Birthday(5, 1, 1991), True),
        (Birthday(5, 1), Birthday(5, 2), True),
        (None, Birthday(5, 1), True),
    ],
)
def test_adding_the_year_is_no_change(known: Birthday | None, told: Birthday, changes: bool) -> None:
    assert rules.is_change(known, told) is changes
