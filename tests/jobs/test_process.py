"""The jobs process: it runs what is due, says that it lives, and ends in order."""

import os
import signal
import subprocess
import sys
import threading

from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import Busy
from app.kernel.runs import heartbeat
from jobs import runner
from jobs.kit import Batch, Job
from jobs.process import HEARTBEAT_WORKER, Process
from jobs.schedule import find_job
from jobs.tools import Tools
from tests.builders.identity import make_member
from tests.builders.outreach import make_expiring_coupon
from tests.support import run
from tests.support.clock import StillClock
from tests.support.patience import PATIENCE_S
from tests.support.races import race


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
