"""Profiles by the thousand: what `profiles` and `households` keep one by one, in a few statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.identity.models import ConsentRecord, MemberPreference
from app.identity.profiles import rules
from app.identity.profiles.households import HOUSEHOLD
from app.identity.profiles.models import MemberHousehold, MemberProfile, Nearby
from app.identity.profiles.rules import Birthday
from app.kernel import clock
from app.kernel.fastpath.copies import copy_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Children:
    """How many of each band of age somebody has, and under which version of the text they said so."""

    bands: Mapping[str, int]
    consent_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a locked member tells of themselves at a moment, and has not told before; None: nothing of it."""

    member_id: int
    at: datetime
    preferences: Sequence[str] = ()
    birthday: Birthday | None = None
    nearby: Nearby | None = None
    children: Children | None = None


def load(many: Sequence[Told], *, channel: str) -> None:
    """Keep what members told, each at their moment; raises BirthdayImpossible and GuardianRequired."""
    for one in many:
        if one.birthday is not None:
            rules.ensure_birthday(one.birthday, today=clock.business_date(one.at))
    preferred = ((one.member_id, category, one.at) for one in many for category in dict.fromkeys(one.preferences))
    copy_in(MemberPreference, ("member_id", "category", "chosen_at"), preferred)
    columns = ("member_id", "birth_month", "birth_day", "birth_year", "birthday_first_on", "nearby", "skipped")
    profiles = (_profile(one) for one in many if one.birthday is not None or one.nearby is not None)
    copy_in(MemberProfile, (*columns, "changed_at"), profiles)
    _load_households([(one, one.children) for one in many if one.children is not None], channel=channel)


def _profile(told: Told) -> tuple[object, ...]:
    birthday, nearby = told.birthday, None if told.nearby is None else told.nearby.value
    if birthday is None:
        return (told.member_id, None, None, None, None, nearby, [], told.at)
    first_on = clock.business_date(told.at)
    return (told.member_id, birthday.month, birthday.day, birthday.year, first_on, nearby, [], told.at)


def _load_households(many: Sequence[tuple[Told, Children]], *, channel: str) -> None:
    """With the consent that each stands on."""
    consents = ((one.member_id, HOUSEHOLD, children.consent_version, channel, one.at) for one, children in many)
    copy_in(ConsentRecord, ("member_id", "kind", "version", "channel", "given_at"), consents)
    households = (
        (one.member_id, *(children.bands.get(band, 0) for band in rules.BANDS), one.at) for one, children in many
    )
    copy_in(MemberHousehold, ("member_id", *rules.BANDS, "told_at"), households)
