"""The jobs process: it runs what is due, says that it lives, and ends in order."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from app.kernel import clock
from app.kernel.clock import MALL_ZONE
from app.kernel.db import atomic
from app.kernel.errors import Busy
from app.kernel.runs import heartbeat, job_runs
from jobs import runner
from jobs.kit import Batch, Job, daily
from jobs.process import HEARTBEAT_WORKER, Process
from jobs.schedule import find_job
from jobs.tools import Tools
from tests.builders.identity import make_member
from tests.builders.outreach import make_expiring_coupon
from tests.support import run
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S
from tests.support.races import race
from tests.support.waiting import wait_until


def tools_of(app: Flask) -> Tools:
    parts = app.extensions
    return Tools(settings=parts["huitou"], gateway=parts["huitou.gateway"], gate=parts["huitou.gate"])


def is_alive() -> bool:
    with atomic():
        return heartbeat.is_fresh(HEARTBEAT_WORKER, now=clock.now())


def test_jobs_run_when_they_are_due_and_one_that_fails_stops_nobody(committed_app: Flask) -> None:
    ran = threading.Event()

    def works(tools: Tools) -> Batch:
        ran.set()
        return Batch(1)

    def fails(tools: Tools) -> Batch:
        raise Busy

    soon = IntervalTrigger(seconds=1)
    jobs = (Job("fails", "", soon, fails, often=True), Job("works", "", soon, works, often=True))
    process = Process(committed_app, tools_of(committed_app), jobs)
    thread = threading.Thread(target=process.run)
    thread.start()
    try:
        assert ran.wait(PATIENCE_S)
    finally:
        process.stop()
        thread.join(PATIENCE_S)
    assert not thread.is_alive()
    assert is_alive()


def test_stopping_waits_for_the_batch_under_way(committed_app: Flask) -> None:
    began, may_end = threading.Event(), threading.Event()
    ended: list[bool] = []

    def long(tools: Tools) -> Batch:
        began.set()
        ended.append(may_end.wait(PATIENCE_S))
        return Batch(1, more=True)

    process = Process(
        committed_app, tools_of(committed_app), (Job("long", "", IntervalTrigger(seconds=1), long, True),)
    )
    thread = threading.Thread(target=process.run)
    thread.start()
    assert began.wait(PATIENCE_S)
    process.stop()
    may_end.set()
    thread.join(PATIENCE_S)
    assert (thread.is_alive(), ended) == (False, [True])


def test_readyz_knows_whether_the_jobs_process_lives(committed_app: Flask, clock: StillClock) -> None:
    client = committed_app.test_client()
    assert client.get("/readyz").json["checks"]["jobs"] is False
    process = Process(committed_app, tools_of(committed_app), ())
    process.beat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["jobs"]) == (200, True)
    clock.advance(seconds=61)
    assert client.get("/readyz").status_code == 503


def test_the_command_starts_the_process_and_sigterm_ends_it_in_order(committed_app: Flask) -> None:
    environment = {**os.environ, **run.environment(committed_app.config["SQLALCHEMY_DATABASE_URI"])}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "run"]
    with subprocess.Popen(command, cwd=run.ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        line = process.stderr.readline()
        assert "jobs started" in line, line + process.stderr.read()
        assert is_alive()
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
    assert process.returncode == 0
    assert "jobs stopped" in rest
    assert '"level": "ERROR"' not in rest


def test_two_processes_plan_each_reminder_once(committed_app: Flask, clock: StillClock) -> None:
    with atomic():
        for _ in range(5):
            make_expiring_coupon(make_member())
    job = find_job("plan_coupon_reminders")
    assert job is not None
    tools = tools_of(committed_app)
    results = race(committed_app, [lambda: runner.run(job, tools, stopping=threading.Event())] * 4)
    assert sum(result["done"] for result in results) == 5


NIGHT = datetime(2026, 3, 11, 0, 20, tzinfo=MALL_ZONE)


def nightly(ran: list[datetime], *, fails: bool = False) -> Job:
    """Daily at 00:20."""

    def work(tools: Tools) -> Batch:
        ran.append(clock.now())
        if fails:
            raise Busy
        return Batch(1)

    return replace(daily("00:20", work), name="work")


def start(app: Flask, job: Job, done: Callable[[], bool]) -> None:
    """A process that runs until what is asked for has happened, or nothing is left to wait for."""
    process = Process(app, tools_of(app), (job,))
    thread = threading.Thread(target=process.run)
    thread.start()
    try:
        wait_until(done)
    finally:
        process.stop()
        thread.join(PATIENCE_S)


def test_a_daily_job_that_was_missed_runs_when_a_process_starts(committed_app: Flask, clock: StillClock) -> None:
    ran: list[datetime] = []
    clock.set(NIGHT + timedelta(hours=9))
    start(committed_app, nightly(ran), lambda: bool(job_runs.list_runs(job="work")))
    assert ran == [clock.now]


def test_one_that_has_run_or_is_not_due_is_left_alone(committed_app: Flask, clock: StillClock) -> None:
    job, process = nightly([]), Process(committed_app, tools_of(committed_app), ())
    clock.set(NIGHT + timedelta(minutes=1))
    runner.run(job, tools_of(committed_app), stopping=threading.Event())
    assert not process._was_missed(job)
    clock.set(NIGHT + timedelta(hours=23))
    assert not process._was_missed(job)
    clock.set(NIGHT + timedelta(days=1))
    assert process._was_missed(job)


def test_one_that_failed_is_tried_again_and_one_under_way_is_not(committed_app: Flask, clock: StillClock) -> None:
    job, process = nightly([], fails=True), Process(committed_app, tools_of(committed_app), ())
    clock.set(NIGHT)
    with pytest.raises(Busy):
        runner.run(job, tools_of(committed_app), stopping=threading.Event())
    assert process._was_missed(job)
    with atomic():
        job_runs.begin("work", worker="another", now=clock.now)
    for _ in range(3):
        clock.advance(minutes=9)
        with atomic():
            job_runs.be_seen("another", now=clock.now)
        assert not process._was_missed(job)
    process.beat()  # which tells of its own runs alone
    clock.advance(minutes=11)  # it died
    assert process._was_missed(job)


def test_a_process_is_seen_at_its_runs_and_a_run_by_hand_with_each_batch(
    committed_app: Flask, clock: StillClock
) -> None:
    clock.set(NIGHT)
    seen: list[datetime] = []

    def work(_: Tools) -> Batch:
        seen.append(job_runs.list_runs(job="work")[0].seen_at)
        clock.advance(minutes=1)
        if len(seen) == 2:
            Process(committed_app, tools_of(committed_app), ()).beat()
        return Batch(1, more=len(seen) < 4)

    runner.run(replace(nightly([]), run=work), tools_of(committed_app), stopping=threading.Event())
    assert seen == [NIGHT, NIGHT, NIGHT + timedelta(minutes=2), NIGHT + timedelta(minutes=3)]


def test_after_sleep_what_was_due_meanwhile_runs_once(committed_app: Flask, clock: StillClock) -> None:
    ran: list[datetime] = []
    job = nightly(ran)
    clock.set(NIGHT + timedelta(minutes=1))
    process = Process(committed_app, tools_of(committed_app), (job,))
    process.catch_up()
    clock.advance(days=3)
    for _ in range(2):
        process.catch_up()
    assert len(ran) == 2


def test_what_was_missed_is_made_up_for_in_the_order_of_the_day(committed_app: Flask, clock: StillClock) -> None:
    ran: list[str] = []

    def made(name: str, time: str, until_hour: int | None = None) -> Job:
        def work(tools: Tools) -> Batch:
            ran.append(name)
            return Batch(0)

        return replace(daily(time, work, until_hour=until_hour), name=name)

    jobs = (made("reads", "04:30"), made("counts", "03:50", 10), made("begins", "00:20"))
    clock.set(NIGHT + timedelta(hours=12))
    Process(committed_app, tools_of(committed_app), jobs).catch_up()
    assert ran == ["begins", "counts", "reads"]
