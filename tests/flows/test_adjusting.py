"""Points by hand over a limit or the month's budget wait for a second person, who may and is another one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.access.audit import Actor
from app.access.models import AuditEntry, Role, Staff
from app.access.scopes import Place
from app.care import budgets, rules
from app.care.care import Carer
from app.care.errors import BudgetConflict, BudgetInForce, BudgetTooEarly, SecondPersonNeeded
from app.care.models import CareAct, CareRequest, GoodwillBudget
from app.cases import cases
from app.cases.models import Case
from app.flows.members import adjusting
from app.identity.models import Member
from app.kernel import clock as app_clock
from app.kernel.db import db
from app.kernel.errors import Forbidden
from app.points.ledger import queries
from app.points.ledger.errors import InsufficientPoints
from tests.builders.identity import make_member
from tests.builders.malls import make_mall
from tests.builders.staff import make_staff
from tests.support.clock import StillClock


@pytest.fixture
def member(clock: StillClock) -> Member:
    return make_member(make_mall())


@pytest.fixture
def asker(member: Member) -> Staff:
    return make_staff(Role.OPERATIONS, Place(mall_id=member.home_mall_id))


@pytest.fixture
def second(member: Member) -> Staff:
    return make_staff(Role.FINANCE, Place(mall_id=member.home_mall_id))


def _adjust(member: Member, points: int, by: Staff, reason: str = "care") -> bool:
    """Whether it was done at once."""
    carer = Carer(staff_id=by.id, name=by.name, mall_id=member.home_mall_id, reason=reason, note="测试")
    return adjusting.adjust_points(member.id, points, carer, now=app_clock.now()) is not None


def _answer(outcome: str, by: Staff) -> None:
    case = db.session.scalars(select(Case).where(Case.kind == "points_adjustment", Case.outcome.is_(None))).one()
    actor = Actor("staff", by.id, by.name)
    nested = db.session.begin_nested()
    try:
        cases.take(case.id, actor, now=app_clock.now())
        cases.answer(case.id, outcome, actor, note="", now=app_clock.now())
    except BaseException:
        nested.rollback()
        raise
    nested.commit()


def _points(member: Member) -> int:
    db.session.flush()
    return queries.get_balance(member.id, now=app_clock.now()).available_points


def test_over_what_one_person_may_a_second_one_agrees(member: Member, asker: Staff, second: Staff) -> None:
    assert _adjust(member, rules.MOST_POINTS, asker)
    assert not _adjust(member, rules.MOST_POINTS + 1, asker)
    assert _points(member) == rules.MOST_POINTS
    _answer("approved", second)
    assert _points(member) == 2 * rules.MOST_POINTS + 1
    act = db.session.scalars(select(CareAct).where(CareAct.points > rules.MOST_POINTS)).one()
    assert (act.staff_id, act.approved_by_id, act.approved_by) == (asker.id, second.id, second.name)
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "care.points_approved")).one()
    assert (entry.actor_id, entry.facts["asked_by"]) == (second.id, asker.name)
    assert queries.list_disagreements() == []


def test_who_asked_or_may_not_does_not_agree(member: Member, asker: Staff, second: Staff) -> None:
    second_operator = make_staff(Role.OPERATIONS, Place(mall_id=member.home_mall_id))
    elsewhere = make_staff(Role.FINANCE, Place(mall_id=make_mall().id))
    assert not _adjust(member, rules.MOST_POINTS + 1, asker)
    for outcome in ("approved", "declined"):
        for person, refusal in ((asker, SecondPersonNeeded), (second_operator, Forbidden), (elsewhere, Forbidden)):
            with pytest.raises(refusal):
                _answer(outcome, person)
    assert _points(member) == 0
    _answer("declined", second)
    assert _points(member) == 0
    assert db.session.scalars(select(CareRequest.status)).all() == ["declined"]


def test_more_than_there_is_cannot_be_taken_and_the_question_stays(member: Member, asker: Staff, second: Staff) -> None:
    assert not _adjust(member, -rules.MOST_POINTS - 1, asker, "mistake")
    with pytest.raises(InsufficientPoints):
        _answer("approved", second)
    db.session.expire_all()
    assert db.session.scalars(select(CareRequest.status)).all() == ["waiting"]


def test_a_month_s_goodwill_is_bounded_and_begins_anew(
    member: Member, asker: Staff, second: Staff, clock: StillClock
) -> None:
    mall_id = member.home_mall_id
    db.session.add(
        GoodwillBudget(
            mall_id=mall_id,
            points=100,
            effective_from=app_clock.business_date(clock.now),
            created_at=clock.now,
            created_by="测试",
        )
    )
    db.session.flush()
    assert _adjust(member, 70, asker)
    assert _adjust(member, 500, asker, "missing")  # what they had coming is no goodwill
    assert not _adjust(member, 31, asker)
    assert budgets.get(mall_id, now=clock.now) == budgets.Budget(100, 70)
    assert _adjust(make_member(make_mall()), 31, asker)  # another mall's
    _answer("approved", second)
    assert budgets.get(mall_id, now=clock.now).left == -1
    clock.set(app_clock.start_of_day(app_clock.first_of_next_month(app_clock.business_date(clock.now))))
    assert budgets.get(mall_id, now=clock.now).left == 100
    assert _adjust(member, 100, asker)


def test_a_budget_begins_on_a_coming_day_and_can_be_taken_back_until_then(member: Member, clock: StillClock) -> None:
    mall_id, tomorrow = member.home_mall_id, app_clock.business_date(clock.now) + timedelta(days=1)
    version = budgets.publish(mall_id, 500, effective_from=tomorrow, by="测试", now=clock.now)
    with pytest.raises(BudgetConflict):
        budgets.publish(mall_id, 501, effective_from=tomorrow, by="测试", now=clock.now)
    with pytest.raises(BudgetTooEarly):
        budgets.publish(mall_id, 500, effective_from=tomorrow - timedelta(days=1), by="测试", now=clock.now)
    with pytest.raises(BudgetInForce):
        budgets.withdraw(make_mall().id, version.id, now=clock.now)
    assert budgets.get(mall_id, now=clock.now).points is None
    budgets.withdraw(mall_id, version.id, now=clock.now)
    assert budgets.list_versions(mall_id) == []
