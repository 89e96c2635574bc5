"""Two people take one case at the same moment: one has it. And what would happen if each looked first."""

import threading

from flask import Flask
from sqlalchemy import select, update

from app.access.audit import Actor
from app.access.models import Role
from app.access.scopes import Place
from app.cases import cases
from app.cases.errors import CaseTaken
from app.cases.models import Case, CaseStep, Step
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.security import codes
from app.malls.models import Mall
from tests.builders.cases import make_case
from tests.builders.malls import make_mall, make_merchant, make_store
from tests.builders.staff import csrf_token, make_staff, sign_in
from tests.support.isolation import Client
from tests.support.patience import PATIENCE_S
from tests.support.races import race
from tests.support.waiting import is_somebody_waiting, wait_until

PEOPLE = 6


def _case() -> tuple[int, list[Actor]]:
    with atomic():
        store = make_store(make_mall(), make_merchant())
        people = [make_staff(Role.OPERATIONS, Place(mall_id=store.mall_id)) for _ in range(PEOPLE)]
        return make_case(store).id, [Actor("staff", one.id, one.name) for one in people]


def _owner_and_takers(case_id: int) -> tuple[int | None, list[int | None]]:
    with atomic():
        owner_id = db.session.scalars(select(Case.owner_id).where(Case.id == case_id)).one()
        taken = select(CaseStep.actor_id).where(CaseStep.case_id == case_id, CaseStep.step == Step.TAKEN.value)
        return owner_id, list(db.session.scalars(taken))


def test_one_of_many_has_the_case_and_the_others_are_told_so(committed_app: Flask) -> None:
    case_id, people = _case()

    def take(person: Actor) -> Actor:
        with atomic():
            cases.take(case_id, person, now=clock.now())
        return person

    results = race(committed_app, [lambda person=person: take(person) for person in people])  # type: ignore[misc]
    (winner,) = [result for result in results if isinstance(result, Actor)]
    assert [type(result) for result in results if result is not winner] == [CaseTaken] * (PEOPLE - 1)
    assert _owner_and_takers(case_id) == (winner.id, [winner.id])


def test_one_person_who_presses_twice_has_taken_it_once(committed_app: Flask) -> None:
    case_id, (person, *_) = _case()

    def take() -> None:
        with atomic():
            cases.take(case_id, person, now=clock.now())

    assert race(committed_app, [take] * PEOPLE) == [None] * PEOPLE
    assert _owner_and_takers(case_id) == (person.id, [person.id])


def test_control_who_only_looks_first_takes_what_another_has_taken(committed_app: Flask) -> None:
    case_id, (one, other, *_) = _case()
    both_have_looked = threading.Barrier(2)

    def look_then_take(person: Actor) -> bool:
        with atomic():
            is_free = db.session.scalars(select(Case.owner_id).where(Case.id == case_id)).one() is None
            both_have_looked.wait(PATIENCE_S)
            db.session.execute(update(Case).where(Case.id == case_id).values(owner_id=person.id))
            return is_free

    takers = [lambda: look_then_take(one), lambda: look_then_take(other)]
    assert race(committed_app, takers) == [True, True]


def test_who_takes_a_case_while_it_goes_to_another_team_does_not_get_it(committed_app: Flask) -> None:
    client = Client(committed_app, committed_app.response_class)
    with atomic():
        store = make_store(make_mall(), make_merchant())
        person = make_staff(Role.OPERATIONS, Place(mall_id=store.mall_id))
        case, mall = make_case(store), db.session.get_one(Mall, store.mall_id)
        case_id, page = case.id, f"/console/{mall.code}/cases/{case.public_id}"
    sign_in(client, person, portal="/console")
    actor, handed_on = Actor("staff", person.id, person.name), threading.Event()
    token = csrf_token(client, page)

    def hand_on() -> None:
        with atomic():
            cases.hand_to_team(case_id, Role.FINANCE, actor, note="", now=clock.now())
            handed_on.set()
            wait_until(is_somebody_waiting)

    def take() -> None:
        handed_on.wait(PATIENCE_S)
        client.post(f"{page}/take", data={"csrf_token": token, "idempotency_key": codes.new_public_id()})

    assert race(committed_app, [hand_on, take]) == [None, None]
    assert _owner_and_takers(case_id) == (None, [])
