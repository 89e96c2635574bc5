"""What the jobs do, each through its command."""

import json
import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.kernel import clock as app_clock
from app.kernel import idempotency
from app.kernel.clock import MALL_ZONE
from app.kernel.db import db
from app.kernel.models import IdempotencyKey, JobRun
from app.kernel.reasons import note
from app.outreach.consents.models import SubscribeConsent
from app.outreach.messages.models import OutreachMessage
from app.points.expiry.rules import DEFAULT
from app.points.ledger import ledger
from app.points.ledger import queries as points
from app.points.ledger.models import PointsAccount
from app.verification import throttle
from app.verification.models import Attempt
from jobs.schedule import JOBS
from tests.builders.identity import make_member
from tests.builders.outreach import allow, make_expiring_coupon
from tests.support.clock import StillClock


def run(app: Flask, name: str, *options: str) -> dict[str, object]:
    """`flask job run NAME`, and what it printed."""
    done = app.test_cli_runner().invoke(args=["job", "run", name, *options])
    assert done.exit_code == 0, done.output
    return dict(json.loads(done.stdout))


@pytest.mark.parametrize("name", [job.name for job in JOBS])
def test_every_job_can_run_on_an_empty_database_and_twice(app: Flask, name: str) -> None:
    for _ in range(2):
        assert run(app, name, "--until-done")["done"] == 0


def test_a_job_by_hand_says_what_it_did_and_what_was_done_already(app: Flask, clock: StillClock) -> None:
    def told() -> str:
        return app.test_cli_runner().invoke(args=["job", "run", "prove_points"]).stderr

    now, before = told().splitlines()[1:]
    assert (now, before) == ("now: 0 done in 1 batch, member_ids []", "before: no run is noted that did anything")
    assert f"before: done on {clock.now.astimezone(MALL_ZONE):%Y-%m-%d %H:%M} by " in told()


def test_an_unknown_job_is_named_as_such(app: Flask) -> None:
    done = app.test_cli_runner().invoke(args=["job", "run", "make_coffee"])
    assert done.exit_code == 1
    assert "flask jobs list" in done.output


def test_the_list_shows_every_job(app: Flask) -> None:
    shown = app.test_cli_runner().invoke(args=["jobs", "list"]).output
    assert all(job.name in shown and job.about in shown for job in JOBS)


def test_reminders_are_planned_once_however_often_the_job_runs(app: Flask, clock: StillClock) -> None:
    make_expiring_coupon(make_member())
    make_expiring_coupon(make_member())
    assert [run(app, "plan_coupon_reminders")["done"] for _ in range(2)] == [2, 0]
    assert db.session.scalar(select(func.count()).select_from(OutreachMessage)) == 2


def test_points_run_out_when_their_last_day_is_over(app: Flask, clock: StillClock) -> None:
    member = make_member()
    ledger.accrue(member.id, points=120, reason=note("测试"), fact="test:1", now=clock.now)
    last_day = DEFAULT.last_day(app_clock.business_date(clock.now))
    clock.set(app_clock.end_of_day(last_day) - timedelta(seconds=1))
    assert run(app, "expire_points")["points"] == 0
    clock.advance(seconds=1)
    assert run(app, "expire_points")["points"] == 120
    assert run(app, "expire_points", "--until-done")["points"] == 0
    assert points.get_balance(member.id).available_points == 0


def test_the_proof_reports_what_disagrees_and_repairs_nothing(
    app: Flask, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    honest, broken = make_member(), make_member()
    for member in (honest, broken):
        ledger.accrue(member.id, points=100, reason=note("测试"), fact="test:1", now=clock.now)
    wrong = update(PointsAccount).where(PointsAccount.member_id == broken.id).values(available_points=101)
    db.session.execute(wrong)
    with caplog.at_level(logging.ERROR):
        assert run(app, "prove_points")["member_ids"] == [broken.id]
    assert "disagrees with its ledger" in caplog.text
    assert points.get_balance(broken.id).available_points == 101


def test_a_stock_of_consents_that_its_events_do_not_explain_is_reported(app: Flask, clock: StillClock) -> None:
    honest, broken = make_member(), make_member()
    allow(honest)
    allow(broken)
    db.session.execute(update(SubscribeConsent).where(SubscribeConsent.member_id == broken.id).values(remaining=2))
    assert run(app, "prove_consents")["member_ids"] == [broken.id]


def test_the_sweep_forgets_what_is_old_and_keeps_what_is_not(app: Flask, clock: StillClock) -> None:
    def keep(key: str) -> None:
        idempotency.keep(caller="me", key=key, fingerprint="f", status=200, answer={}, now=clock.now)
        throttle.count_attempt(f"bucket:{key}", limit=5, window_s=60, now=clock.now)

    keep("old-key-1")
    clock.advance(days=6)
    keep("new-key-1")
    clock.advance(days=1, seconds=1)
    facts = run(app, "sweep")
    assert (facts["idempotency_keys"], facts["attempts"]) == (1, 1)
    assert db.session.scalars(select(IdempotencyKey.key)).all() == ["new-key-1"]
    assert db.session.scalars(select(Attempt.bucket)).all() == ["bucket:new-key-1"]


def test_a_run_by_hand_is_noted_like_any_other(app: Flask, clock: StillClock) -> None:
    run(app, "sweep")
    assert db.session.scalars(select(JobRun.job).where(JobRun.outcome == "done")).all() == ["sweep"]
