"""The jobs process: APScheduler, a heartbeat, an orderly end, and daily jobs made up for.

A daily job that did not run when it was due, because no process was there, the machine slept, or the database was away,
runs as soon as a process notices: at its start, and every few minutes after.
"""

import logging
import signal
import threading
from collections.abc import Callable
from datetime import datetime
from types import FrameType

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask

from app.kernel import clock
from app.kernel.clock import MALL_ZONE
from app.kernel.db import atomic
from app.kernel.runs import heartbeat, job_runs
from jobs import runner
from jobs.kit import Job
from jobs.schedule import JOBS
from jobs.tools import Tools

logger = logging.getLogger(__name__)

HEARTBEAT_WORKER = "jobs"
HEARTBEAT_SECONDS = 15
CATCH_UP_SECONDS = 300
# Jobs that may be under way at once; each holds one connection of the application's pool.
THREADS = 6


class Process:
    """One jobs process. Several, on several machines, do no harm to each other."""

    def __init__(self, flask_app: Flask, tools: Tools, jobs: tuple[Job, ...] = JOBS) -> None:
        self._app = flask_app
        self._tools = tools
        self._jobs = jobs
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(
            timezone=MALL_ZONE,
            executors={
                "default": ThreadPoolExecutor(THREADS),
                "heartbeat": ThreadPoolExecutor(1),
                "catch_up": ThreadPoolExecutor(1),
            },
            # A run that could not start in time is made up for once, however many were missed.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def run(self) -> None:
        """Run until `stop` or a signal; ends when the batches under way are done."""
        self.beat()
        self._schedule()
        self._scheduler.start()
        logger.info("jobs started", extra={"worker": runner.WORKER, "jobs": len(self._jobs)})
        self._stopping.wait()
        self._scheduler.shutdown(wait=True)
        logger.info("jobs stopped", extra={"worker": runner.WORKER})

    def stop(self) -> None:
        """Start no further batch."""
        self._stopping.set()

    def stop_on_signals(self) -> None:
        """SIGTERM and SIGINT end the process in order; only in the main thread."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def beat(self) -> None:
        """Say that this process is alive; a database that is away is no reason to die."""
        with self._app.app_context():
            try:
                with atomic():
                    facts = {"worker": runner.WORKER, "jobs": len(self._jobs)}
                    heartbeat.beat(HEARTBEAT_WORKER, now=clock.now(), facts=facts)
                    job_runs.be_seen(runner.WORKER, now=clock.now())
            except Exception:
                logger.exception("heartbeat failed")

    def _schedule(self) -> None:
        every = IntervalTrigger(seconds=HEARTBEAT_SECONDS, timezone=MALL_ZONE)
        self._scheduler.add_job(self.beat, every, id="heartbeat", executor="heartbeat")
        for job in self._jobs:
            self._scheduler.add_job(self._runnable(job), job.trigger, id=job.name, name=job.name)
        often = IntervalTrigger(seconds=CATCH_UP_SECONDS, timezone=MALL_ZONE)
        at_once = datetime.now(MALL_ZONE)
        self._scheduler.add_job(self.catch_up, often, id="catch_up", executor="catch_up", next_run_time=at_once)

    def catch_up(self) -> None:
        """Run every daily job that was due and has not run since, in the order of the day, as what one counts another
        reads; one that is under way is left alone.
        """
        daily = [job for job in self._jobs if not job.often]
        for job in sorted(daily, key=lambda job: job.first_of_day(clock.now())):
            if not self._stopping.is_set() and self._was_missed(job):
                logger.info("job was missed", extra={"job": job.name})
                self._runnable(job)()

    def _was_missed(self, job: Job) -> bool:
        now = clock.now()
        due = job.last_due(now)
        with self._app.app_context():
            try:
                with atomic():
                    return due is not None and not job_runs.has_run(job.name, since=due, now=now)
            except Exception:
                logger.exception("runs of a job not read", extra={"job": job.name})
                return False

    def _runnable(self, job: Job) -> Callable[[], None]:
        def once() -> None:
            if self._stopping.is_set():
                return
            with self._app.app_context():
                try:
                    runner.run(job, self._tools, stopping=self._stopping)
                except Exception:
                    # The next tick tries again; one job's trouble is not the others'.
                    logger.exception("job failed", extra={"job": job.name})

        return once

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.stop()


def quiet_scheduler_logs() -> None:
    """A job that is still busy at its next tick is no news; every run of every job is none either."""
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
