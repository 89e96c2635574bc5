"""Members who are one person are found, merged when that is certain, and asked about when it is not."""

from datetime import date

import pytest
from sqlalchemy import select

from app.access import audit
from app.access.audit import Actor
from app.access.models import AuditEntry, Role, Staff
from app.care.errors import OwnMembership
from app.cases import cases
from app.cases.models import SETTLED_ITSELF, Case
from app.flows.members import merging
from app.identity import members, plates, queries
from app.identity.duplicates import pairs, sightings
from app.identity.duplicates.models import MemberPair, MemberSign, MemberToCompare, Outcome
from app.identity.models import IdentityKind, Member, MemberMerge
from app.identity.profiles.models import MemberProfile
from app.kernel import clock
from app.kernel.db import db
from app.workers import cases as case_worker
from app.workers.duplicates import searching
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.staff import make_staff, phone_of
from tests.support.clock import StillClock


@pytest.fixture
def pair(clock: StillClock) -> tuple[Member, Member]:
    """Two members of a mall, the first of whom joined a day before."""
    mall = make_mall()
    older = make_member(mall)
    clock.advance(days=1)
    return older, make_member(mall)


def look() -> None:
    searching.search()
    searching.merge_certain(limit=10)
    case_worker.raise_cases()


def outcome_of(pair: tuple[Member, Member]) -> str | None:
    row = pairs.find(pairs.pair_of(pair[0].id, pair[1].id))
    return row.outcome if row else None


def name(member: Member, text: str, born: date) -> None:
    members.set_name(member, text)
    db.session.add(
        MemberProfile(
            member_id=member.id,
            birth_month=born.month,
            birth_day=born.day,
            birth_year=born.year,
            birthday_first_on=clock.business_date(clock.now()),
            skipped=[],
            changed_at=clock.now(),
        )
    )
    db.session.flush()


def answer(outcome: str, person: Staff | None = None) -> Case:
    case = db.session.scalars(select(Case).where(Case.outcome.is_(None))).one()
    person = person or make_staff(Role.OPERATIONS)
    by = Actor("staff", person.id, person.name)
    cases.take(case.id, by, now=clock.now())
    return cases.answer(case.id, outcome, by, note="", now=clock.now())


def test_one_account_at_wechat_is_one_person_without_anybody_asked(pair: tuple[Member, Member]) -> None:
    older, younger = pair
    members.bind(older, IdentityKind.UNIONID, "u-1", now=clock.now())
    members.bind(younger, IdentityKind.MINI_OPENID, "o-1", now=clock.now())
    seen = {IdentityKind.UNIONID: "u-1", IdentityKind.MINI_OPENID: "o-1"}
    assert members.recognise(seen, home_mall_id=older.home_mall_id, now=clock.now()).id == older.id
    look()
    assert queries.get_member(younger.id).id == older.id
    merge = db.session.scalars(select(MemberMerge).where(MemberMerge.from_member_id == younger.id)).one()
    assert (merge.why, merge.actor_kind, merge.mall_id) == ("proof", "system", older.home_mall_id)
    assert outcome_of(pair) == "merged"
    merging.undo_merge(merge.id, actor=audit.SYSTEM, now=clock.now())
    look()
    assert outcome_of(pair) == "apart"
    assert queries.is_joined(younger)


def test_a_name_with_a_full_birthday_is_asked_about_and_answered_in_ones_name(pair: tuple[Member, Member]) -> None:
    name(pair[0], "王 小明", date(1990, 5, 1))
    name(pair[1], "王小明", date(1990, 5, 1))
    look()
    assert outcome_of(pair) == "asked"
    case = answer("same_person_other")
    assert queries.get_member(pair[0].id).id == pair[1].id
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "member.merged")).one()
    assert (entry.actor_kind, entry.actor_id) == ("staff", case.owner_id)
    merge = db.session.scalars(select(MemberMerge)).one()
    assert (merge.why, merge.actor_id) == ("case", case.owner_id)


def test_nobody_lets_their_own_membership_be_one_with_another(pair: tuple[Member, Member]) -> None:
    person = make_staff(Role.OPERATIONS)
    own = make_member(phone=phone_of(person))
    sightings.note("card", "C9", [pair[0].id, own.id])
    look()
    with pytest.raises(OwnMembership):
        answer("same_person", person)
    assert queries.get_member(own.id).id == own.id


def test_who_was_told_apart_is_asked_about_again_only_by_something_new(pair: tuple[Member, Member]) -> None:
    sightings.note("card", "C9", [pair[0].id, pair[1].id])
    look()
    answer("two_people")
    sightings.note("card", "C9", [pair[0].id, pair[1].id])
    look()
    assert outcome_of(pair) == "apart"
    sightings.note("device", "d", [pair[0].id, pair[1].id])
    look()
    assert outcome_of(pair) == "asked"
    assert len(db.session.scalars(select(Case)).all()) == 2


def test_what_becomes_certain_while_it_is_asked_answers_the_question(pair: tuple[Member, Member]) -> None:
    sightings.note("card", "C9", [pair[0].id, pair[1].id])
    look()
    sightings.note("unionid", "u", [pair[0].id, pair[1].id])
    look()
    assert db.session.scalars(select(Case.outcome)).one() == SETTLED_ITSELF
    assert outcome_of(pair) == "merged"


def test_who_was_told_apart_is_told_apart_from_whom_they_are_merged_into(pair: tuple[Member, Member]) -> None:
    third = make_member()
    pairs.close(pairs.pair_of(pair[1].id, third.id), Outcome.APART, now=clock.now())
    merging.merge_members(pair[0].id, pair[1].id, now=clock.now())
    assert outcome_of((pair[0], third)) == "apart"


def test_a_phone_that_an_old_fault_gave_to_two_is_found(pair: tuple[Member, Member]) -> None:
    pair[1].phone_sealed = pair[0].phone_sealed
    db.session.flush()
    look()
    assert queries.get_member(pair[1].id).id == pair[0].id


def test_what_many_share_says_nothing_and_what_is_over_is_forgotten(pair: tuple[Member, Member]) -> None:
    crowd = [make_member() for _ in range(4)]
    sightings.note("card", "company", [one.id for one in (*pair, *crowd)])
    plates.bind(pair[0].id, "沪A12345", now=clock.now())
    sightings.note("plate", "沪A12345", [pair[1].id])
    look()
    assert [(row.evidence, row.outcome) for row in db.session.scalars(select(MemberPair))] == [({"plate": 1}, "faint")]
    plates.unbind(pair[0].id, "沪A12345")
    sightings.look_again([pair[0].id])
    look()
    assert db.session.scalars(select(MemberPair)).all() == []


def test_who_leaves_has_nothing_in_common_with_anybody(pair: tuple[Member, Member]) -> None:
    sightings.note("card", "C9", [pair[0].id, pair[1].id])
    look()
    sightings.look_again([pair[1].id])
    pairs.forget([pair[1].id])
    assert outcome_of(pair) is None
    for table in (MemberSign, MemberToCompare):
        assert db.session.scalars(select(table).where(table.member_id == pair[1].id)).all() == []
