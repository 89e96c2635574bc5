"""Joining and tasks pressed many times at once: one member, one set of benefits, one reward."""

import threading
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.benefits.coupons.models import Coupon
from app.benefits.grants import grants
from app.flows import newbie_tasks
from app.flows.members import joining
from app.identity import members
from app.identity.models import IdentityKind, Member
from app.kernel import clock
from app.kernel.db import atomic, db
from app.kernel.reasons import note
from app.points.ledger import ledger
from app.points.ledger.models import PointsEntry
from app.tasks.models import TaskCompletion
from tests.builders.benefits import make_campaign
from tests.builders.identity import make_consent_document, make_member, make_visitor
from tests.builders.malls import make_mall
from tests.builders.tasks import make_newbie_tasks
from tests.support.races import race, winners

CALLERS = 8
PHONE = "13912340000"


def _visitor_to_join() -> int:
    with atomic():
        mall = make_mall()
        make_consent_document()
        grants.grant_on(mall.id, grants.JOIN, make_campaign(mall).id, position=1)
        return make_visitor(mall).id


def _join(member_id: int) -> joining.Joined:
    with atomic():
        return joining.join_member(
            member_id, consent_version="v1", phone=PHONE, channel="test", arrival=None, now=clock.now()
        )


@pytest.mark.requirement("S1.30")
def test_joining_many_times_at_once_grants_once(committed_app: Flask) -> None:
    visitor = _visitor_to_join()
    results = race(committed_app, [partial(_join, visitor)] * CALLERS)
    assert len(winners(results)) == CALLERS, results
    assert sum(joined.is_new for joined in results) == 1
    assert db.session.scalar(select(func.count()).select_from(Coupon)) == 1


def test_without_the_member_lock_joining_would_grant_more(committed_app: Flask) -> None:
    """The control: everybody sees a visitor, and grants under a key of their own instead of the trigger's."""
    visitor = _visitor_to_join()
    looked = threading.Barrier(CALLERS)

    def join_unguarded(number: int) -> int:
        with atomic():
            member = db.session.scalars(select(Member).where(Member.id == visitor)).one()
            campaign = next(
                iter(grants.queries.list_granted(member.home_mall_id, trigger=grants.JOIN, now=clock.now()))
            )
            held = db.session.scalar(select(func.count()).where(Coupon.member_id == visitor))
            looked.wait()
            if held == 0:
                grants.coupons.issue(
                    visitor,
                    campaign,
                    grant_key=f"unguarded:{number}",
                    trigger="join",
                    entrance_id=None,
                    now=clock.now(),
                )
            return number

    race(committed_app, [partial(join_unguarded, number) for number in range(CALLERS)])
    assert (db.session.scalar(select(func.count()).select_from(Coupon)) or 0) > 1


@pytest.mark.requirement("S2.1")
def test_a_person_seen_through_many_identities_at_once_is_one_member(committed_app: Flask) -> None:
    with atomic():
        mall_id = make_mall().id

    def arrive(number: int) -> int:
        kind = IdentityKind.MINI_OPENID if number % 2 else IdentityKind.WECOM_EXTERNAL
        with atomic():
            return members.recognise(
                {kind: f"person-{number % 2}", IdentityKind.UNIONID: "one-person"},
                home_mall_id=mall_id,
                now=clock.now(),
            ).id

    results = race(committed_app, [partial(arrive, number) for number in range(CALLERS)])
    assert len(winners(results)) == CALLERS, results
    assert len(set(results)) == 1


def _member_with_tasks() -> int:
    with atomic():
        make_newbie_tasks()
        return make_member().id


def test_a_task_finished_many_times_at_once_pays_once(committed_app: Flask) -> None:
    member_id = _member_with_tasks()

    def finish() -> int:
        with atomic():
            return newbie_tasks.tell_preferences(member_id, categories=["kids"], now=clock.now()).points_awarded

    results = race(committed_app, [finish] * CALLERS)
    assert sorted(results) == [0] * (CALLERS - 1) + [50]
    assert db.session.scalars(select(PointsEntry.points)).all() == [50]


def test_without_the_primary_key_a_task_would_pay_more(committed_app: Flask) -> None:
    """The control: look whether it is done, then pay under a fact of one's own."""
    member_id = _member_with_tasks()
    looked = threading.Barrier(CALLERS)

    def finish_unguarded(number: int) -> None:
        with atomic():
            done = db.session.get(TaskCompletion, (member_id, "preferences"))
            looked.wait()
            if done is None:
                ledger.accrue(member_id, points=50, reason=note("任务"), fact=f"unguarded:{number}", now=clock.now())
                db.session.execute(
                    insert(TaskCompletion)
                    .values(
                        member_id=member_id,
                        task_code="preferences",
                        completed_at=clock.now(),
                        points_awarded=50,
                        facts={},
                    )
                    .on_conflict_do_nothing()
                )

    race(committed_app, [partial(finish_unguarded, number) for number in range(CALLERS)])
    assert len(db.session.scalars(select(PointsEntry.id)).all()) > 1
