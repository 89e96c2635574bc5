"""Members tell of themselves bit by bit, change it, take it back, and decide what is made of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.models import AuditEntry
from app.flows.privacy import profiling
from app.identity import preferences
from app.identity.errors import ConsentOutdated, MemberRequired
from app.identity.models import ConsentRecord, Member
from app.identity.profiles import households, profiles, queries
from app.identity.profiles.errors import BirthdayChangedLately, HouseholdUnlikely
from app.identity.profiles.models import MemberHousehold, MemberProfile, Nearby
from app.identity.profiles.rules import Birthday, Field
from app.kernel import clock as app_clock
from app.kernel.db import db
from tests.builders import cases
from tests.builders.identity import make_member, make_visitor
from tests.builders.malls import make_mall
from tests.builders.profiles import BIRTHDAY, children, tell_everything, tell_household
from tests.builders.tasks import make_tiers
from tests.support.clock import StillClock

pytestmark = pytest.mark.usefixtures("clock")


def profile(member: Member) -> queries.Profile:
    return queries.get_profile(member.id)


def is_profiled(member: Member) -> bool:
    found = select(Member.id).where(Member.id == member.id, queries.is_profiled(Member.id))
    return db.session.scalar(found) is not None


def live_consents(member: Member) -> list[str]:
    one = ConsentRecord
    live = select(one.kind).where(one.member_id == member.id, one.withdrawn_at.is_(None))
    return list(db.session.scalars(live))


def test_who_told_nothing_has_an_empty_profile() -> None:
    found = profile(make_member())
    assert (found.told, found.completeness_bps, found.open_fields) == ([], 0, list(Field))


def test_every_answer_completes_the_profile_a_little() -> None:
    member = make_member()
    profiles.tell_nearby(member.id, Nearby.OFFICE, now=app_clock.now())
    assert profile(member).completeness_bps == 2_000
    tell_everything(member)
    found = profile(member)
    assert (found.completeness_bps, found.open_fields) == (10_000, [])
    assert (found.birthday, found.nearby, found.preferences) == (BIRTHDAY, "home", ["dining", "kids"])
    assert found.household is not None and found.household.children == children(age_3_6=1, age_7_12=2)


def test_visitors_have_no_profile() -> None:
    with pytest.raises(MemberRequired):
        profiles.tell_birthday(make_visitor().id, BIRTHDAY, now=app_clock.now())


def test_what_is_skipped_is_not_asked_for_again_but_may_be_told() -> None:
    member = make_member()
    for _ in range(2):
        profiles.skip(member.id, Field.BIRTHDAY, now=app_clock.now())
    assert profile(member).skipped == ["birthday"]
    assert Field.BIRTHDAY not in profile(member).open_fields
    profiles.tell_birthday(member.id, BIRTHDAY, now=app_clock.now())
    assert profile(member).birthday == BIRTHDAY


def test_a_birthday_is_changed_once_a_year(clock: StillClock) -> None:
    member = make_member()
    profiles.tell_birthday(member.id, Birthday(2, 28), now=clock.now)
    profiles.tell_birthday(member.id, Birthday(2, 29), now=clock.now)
    with pytest.raises(BirthdayChangedLately) as refused:
        profiles.tell_birthday(member.id, Birthday(3, 1), now=clock.now)
    profiles.tell_birthday(member.id, Birthday(2, 29, 1992), now=clock.now)
    assert profile(member).birthday == Birthday(2, 29, 1992)
    clock.advance(days=366)
    assert refused.value.facts["allowed_on"] <= str(app_clock.business_date(clock.now))
    profiles.tell_birthday(member.id, Birthday(3, 1), now=clock.now)


def test_taking_a_birthday_back_does_not_start_the_year_anew(clock: StillClock) -> None:
    member = make_member()
    for birthday in (Birthday(5, 1), Birthday(5, 2)):
        profiles.tell_birthday(member.id, birthday, now=clock.now)
        profiles.take_back(member.id, Field.BIRTHDAY, now=clock.now)
        assert profile(member).birthday is None
    with pytest.raises(BirthdayChangedLately):
        profiles.tell_birthday(member.id, Birthday(5, 3), now=clock.now)


def test_every_field_is_taken_back_by_itself() -> None:
    member = make_member()
    tell_everything(member)
    for number, field in enumerate(Field, start=1):
        profiles.take_back(member.id, field, now=app_clock.now())
        assert profile(member).told == list(Field)[number:]
    assert profile(member).open_fields == []


@pytest.mark.requirement("S0.8")
def test_a_household_is_told_under_a_consent_of_its_own_and_goes_with_it() -> None:
    member = make_member()
    tell_household(member, age_0_2=1)
    assert live_consents(member) == ["household"]
    tell_household(member)  # none any more, under the same consent
    found = profile(member).household
    assert found is not None and found.children == children()
    profiles.take_back(member.id, Field.HOUSEHOLD, now=app_clock.now())
    assert live_consents(member) == []
    assert db.session.scalars(select(MemberHousehold)).all() == []
    tell_household(member, age_0_2=2)
    assert len(db.session.scalars(select(ConsentRecord)).all()) == 2


def test_nothing_of_a_household_is_kept_under_a_text_that_is_over() -> None:
    member = make_member()
    households.ensure_document(now=app_clock.now())
    with pytest.raises(ConsentOutdated):
        households.tell(member.id, children(), consent_version="2020-01", channel="sms", now=app_clock.now())
    assert profile(member).household is None


def test_more_children_than_can_be_are_refused() -> None:
    with pytest.raises(HouseholdUnlikely):
        tell_household(make_member(), age_0_2=6)


def test_a_merge_fills_what_the_survivor_has_not_told(clock: StillClock) -> None:
    make_tiers()
    older, younger = members_of_two_days(clock)
    tell_everything(younger)
    profiles.tell_nearby(older.id, Nearby.OFFICE, now=clock.now)
    preferences.choose(older.id, categories=["cinema"], now=clock.now)
    cases.merge(older, younger)
    found = profile(older)
    assert (found.nearby, found.preferences, found.birthday) == ("office", ["cinema"], BIRTHDAY)
    assert found.completeness_bps == 10_000
    assert live_consents(older) == ["household"]


def test_what_was_told_twice_is_taken_back_under_both_numbers(clock: StillClock) -> None:
    make_tiers()
    older, younger = members_of_two_days(clock)
    tell_everything(younger)
    cases.merge(older, younger)
    for field in Field:
        profiles.take_back(younger.id, field, now=clock.now)
    assert (profile(older).told, profile(younger).told) == ([], [])
    assert (live_consents(older), live_consents(younger)) == ([], [])


def members_of_two_days(clock: StillClock) -> tuple[Member, Member]:
    mall = make_mall()
    older = make_member(mall)
    clock.advance(days=1)
    return older, make_member(mall)


def test_who_switches_profiling_off_is_left_out_until_they_allow_it() -> None:
    member, other = make_member(), make_member()
    for _ in range(2):
        profiling.stop_profiling(member.id, now=app_clock.now())
    assert (is_profiled(member), is_profiled(other)) == (False, True)
    assert profile(member).profiling_off_at == app_clock.now()
    profiling.allow_profiling(member.id, now=app_clock.now())
    assert is_profiled(member)
    entries = db.session.execute(select(AuditEntry.action, AuditEntry.actor_kind, AuditEntry.subject)).all()
    subject = f"member:{member.id}"
    assert [tuple(entry) for entry in entries] == [
        ("member.profiling_off", "member", subject),
        ("member.profiling_on", "member", subject),
    ]


def test_profiling_that_either_had_switched_off_stays_off_after_a_merge(clock: StillClock) -> None:
    make_tiers()
    older, younger = members_of_two_days(clock)
    profiling.stop_profiling(younger.id, now=clock.now)
    clock.advance(hours=1)
    cases.merge(older, younger)
    assert not is_profiled(older)
    assert profile(older).profiling_off_at == clock.now - timedelta(hours=1)


def test_completeness_is_counted_by_mall_over_those_who_joined() -> None:
    mall, other, empty = make_mall(), make_mall(), make_mall()
    tell_everything(make_member(mall))
    profiles.tell_nearby(make_member(mall).id, Nearby.HOME, now=app_clock.now())
    make_visitor(mall)
    make_member(other)
    found = queries.count_told(mall.id)
    assert (found.members, found.complete, found.sum_bps) == (2, 1, 12_000)
    assert found.told == {Field.PREFERENCES: 1, Field.BIRTHDAY: 1, Field.NEARBY: 2, Field.HOUSEHOLD: 1}
    assert (queries.count_told(other.id).members, queries.count_told(other.id).sum_bps) == (1, 0)
    assert queries.count_told(empty.id).members == 0


def test_whoever_leaves_takes_their_profile_along() -> None:
    member = make_member()
    tell_everything(member)
    profiles.forget([member.id])
    assert db.session.scalars(select(MemberProfile)).all() == []
    assert db.session.scalars(select(MemberHousehold)).all() == []
