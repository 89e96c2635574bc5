"""The life of a case: asked once, one owner, one answer, every step kept."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from app.access.audit import Actor
from app.access.models import Role, Staff
from app.access.scopes import Place
from app.cases import cases, kinds, queries
from app.cases.errors import (
    CaseAnswered,
    CaseNotAnswered,
    CaseNotTaken,
    CaseOpenAgain,
    CaseTaken,
    NobodyToHandTo,
    OutcomeUnknown,
)
from app.cases.models import Case, CaseStep, Status
from app.kernel import clock
from app.kernel.db import db
from app.kernel.errors import DomainError
from app.malls.models import Store
from app.purchases.unclaimed import RECEIPTS_UNCLAIMED
from tests.builders.cases import make_case
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.staff import make_staff


@pytest.fixture
def store(db_session: object) -> Store:
    return make_store(make_mall(), make_merchant())


@pytest.fixture
def case(store: Store) -> Case:
    return make_case(store)


@pytest.fixture
def lan(store: Store) -> Staff:
    return make_staff(Role.OPERATIONS, Place(mall_id=store.mall_id), name="张岚")


@pytest.fixture
def qing(store: Store) -> Staff:
    return make_staff(Role.OPERATIONS, Place(mall_id=store.mall_id), name="周青")


def actor(person: Staff) -> Actor:
    return Actor("staff", person.id, person.name)


def ask_again(case: Case) -> bool:
    return cases.raise_case(
        RECEIPTS_UNCLAIMED, case.subject, mall_id=case.mall_id, reason=case.reason, facts=case.facts, now=clock.now()
    )


def answer(case: Case, person: Staff, outcome: str = "no_members", *, note: str = "") -> Case:
    return cases.answer(case.id, outcome, actor(person), note=note, now=clock.now())


def steps(case: Case) -> list[str]:
    return [step.step for step in queries.list_steps(case.id)]


def test_the_same_question_is_asked_once_while_it_is_open(case: Case, lan: Staff) -> None:
    assert not ask_again(case)
    cases.take(case.id, actor(lan), now=clock.now())
    assert not ask_again(case)
    answer(case, lan)
    assert ask_again(case)
    assert len(db.session.scalars(select(Case)).all()) == 2


def test_a_case_is_taken_answered_and_every_step_is_kept(case: Case, lan: Staff) -> None:
    cases.take(case.id, actor(lan), now=clock.now())
    cases.take(case.id, actor(lan), now=clock.now())  # theirs already
    db.session.refresh(case)
    assert (case.status, queries.name_owner(case)) == (Status.TAKEN, "张岚")
    answer(case, lan, note="都是外卖单")
    assert (case.status, case.outcome) == (Status.ANSWERED, "no_members")
    assert [(one.step, one.actor_name, one.note) for one in queries.list_steps(case.id)] == [
        ("raised", "system", ""),
        ("taken", "张岚", ""),
        ("answered", "张岚", "都是外卖单"),
    ]


def test_a_taken_case_is_not_taken_by_somebody_else(case: Case, lan: Staff, qing: Staff) -> None:
    cases.take(case.id, actor(lan), now=clock.now())
    with pytest.raises(CaseTaken) as refused:
        cases.take(case.id, actor(qing), now=clock.now())
    assert refused.value.facts == {"owner": "张岚"}
    with pytest.raises(CaseNotTaken):
        answer(case, qing)
    assert steps(case) == ["raised", "taken"]


def test_only_answers_of_the_kind_are_taken(case: Case, lan: Staff) -> None:
    cases.take(case.id, actor(lan), now=clock.now())
    with pytest.raises(OutcomeUnknown):
        answer(case, lan, "try_again")
    assert case.outcome is None


def test_a_case_is_handed_to_a_colleague_and_to_another_team(case: Case, lan: Staff, qing: Staff) -> None:
    cases.take(case.id, actor(lan), now=clock.now())
    cases.hand_to_person(case.id, qing.id, actor(lan), note="她认识店长", now=clock.now())
    assert (case.owner_id, case.status) == (qing.id, Status.TAKEN)
    cases.hand_to_team(case.id, Role.FINANCE, actor(qing), note="", now=clock.now())
    assert (case.owner_id, case.role, case.status) == (None, "finance", Status.WAITING)
    assert [one.facts for one in queries.list_steps(case.id)[2:]] == [{"person": "周青"}, {"role": "finance"}]


def test_nobody_gets_a_case_who_could_not_work_on_it(case: Case, lan: Staff) -> None:
    elsewhere = make_staff(Role.OPERATIONS, Place(mall_id=make_mall().id))
    finance = make_staff(Role.FINANCE, Place(mall_id=case.mall_id))
    for other in (elsewhere, finance, make_staff(Role.AUDITOR)):
        with pytest.raises(NobodyToHandTo):
            cases.hand_to_person(case.id, other.id, actor(lan), note="", now=clock.now())
    administrator = make_staff(Role.ADMINISTRATOR)
    assert {one.id for one in queries.list_colleagues(case.mall_id, role=Role.OPERATIONS)} == {lan.id, administrator.id}


def test_an_answered_case_is_reopened_by_who_asks_again(case: Case, lan: Staff, qing: Staff) -> None:
    with pytest.raises(CaseNotAnswered):
        cases.reopen(case.id, actor(qing), note="", now=clock.now())
    cases.take(case.id, actor(lan), now=clock.now())
    answer(case, lan)
    later = clock.now() + timedelta(days=9)
    cases.reopen(case.id, actor(qing), note="又有了", now=later)
    assert (case.status, case.owner_id, case.answered_at) == (Status.TAKEN, qing.id, None)
    assert case.due_at == later + RECEIPTS_UNCLAIMED.within


def test_a_question_that_is_open_as_another_case_is_not_reopened(case: Case, lan: Staff) -> None:
    cases.take(case.id, actor(lan), now=clock.now())
    answer(case, lan)
    assert ask_again(case)
    with pytest.raises(CaseOpenAgain):
        cases.reopen(case.id, actor(lan), note="", now=clock.now())
    assert steps(case) == ["raised", "taken", "answered"]


Verb = Callable[[Case, Staff, datetime], object]


@pytest.mark.parametrize(
    "verb",
    [
        lambda case, person, now: cases.take(case.id, actor(person), now=now),
        lambda case, person, now: cases.answer(case.id, "no_members", actor(person), note="", now=now),
        lambda case, person, now: cases.hand_to_team(case.id, Role.FINANCE, actor(person), note="", now=now),
        lambda case, person, now: cases.hand_to_person(case.id, person.id, actor(person), note="", now=now),
    ],
    ids=["take", "answer", "hand to a team", "hand to a person"],
)
def test_nothing_is_done_with_an_answered_case_but_to_reopen_it(case: Case, lan: Staff, verb: Verb) -> None:
    cases.take(case.id, actor(lan), now=clock.now())
    answer(case, lan)
    with pytest.raises(CaseAnswered):
        verb(case, lan, clock.now())


def test_what_an_outcome_refuses_leaves_the_case_open(case: Case, lan: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    class NotPossible(DomainError):
        """It cannot be done."""

    def refuse(case: Case, *, by: Actor, now: datetime) -> None:
        raise NotPossible

    strict = kinds.CaseKind(
        code=case.kind, role=Role.OPERATIONS, within=timedelta(days=1), outcomes={"no_members": refuse}
    )
    monkeypatch.setattr(cases, "all_kinds", lambda: {case.kind: strict})
    cases.take(case.id, actor(lan), now=clock.now())
    with pytest.raises(NotPossible), db.session.begin_nested():
        answer(case, lan)
    db.session.refresh(case)
    assert case.status is Status.TAKEN and steps(case) == ["raised", "taken"]


def test_the_history_only_grows(case: Case) -> None:
    for change in (update(CaseStep).values(note="x"), delete(CaseStep)):
        with pytest.raises(DBAPIError, match="case_steps only grows"), db.session.begin_nested():
            db.session.execute(change)


def test_open_cases_are_counted_for_a_person_and_their_team(store: Store, case: Case, lan: Staff) -> None:
    late = make_case(store, days_ago=10)
    cases.take(late.id, actor(lan), now=clock.now())
    found = queries.count_open(roles=[Role.OPERATIONS], staff_id=lan.id, now=clock.now())
    assert found == queries.Counts(mine=1, team=2, waiting=1, overdue=1)
    nobody = queries.count_open(roles=[Role.FINANCE], staff_id=0, now=clock.now())
    assert nobody == queries.Counts(mine=0, team=0, waiting=0, overdue=0)
