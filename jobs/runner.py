"""Running one job: batch after batch, with a row in the log of runs."""

import logging
import os
import socket
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from flask import Flask, current_app

from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.runs import job_runs
from jobs.kit import Job
from jobs.tools import Tools

logger = logging.getLogger(__name__)

WORKER = f"{socket.gethostname()}:{os.getpid()}"


def run(job: Job, tools: Tools, *, stopping: threading.Event, until_done: bool = True) -> dict[str, Any]:
    """Run the job until nothing more waits (or one batch), or the process is to stop; returns its facts summed up.

    Needs an application context. Raises what the job raised, after noting the failure.
    """
    started_at = clock.now()
    run_id = None if job.often else _begin(job, started_at)
    facts: dict[str, Any] = {"done": 0, "batches": 0}
    try:
        if _run_batch(job, tools, facts) and until_done and not stopping.is_set():
            _run_others(job, tools, facts, stopping=stopping)
    except Exception as error:
        _finish(job, run_id, started_at, outcome="failed", facts={**facts, "error": type(error).__name__})
        raise
    if run_id is not None or facts["done"]:
        _finish(job, run_id, started_at, outcome="done", facts=facts)
    return facts


def _run_others(job: Job, tools: Tools, facts: dict[str, Any], *, stopping: threading.Event) -> None:
    """Batch after batch until nothing waits; at once in as many threads as the job says, each with its own session."""
    others: list[dict[str, Any]] = [{} for _ in range(job.at_once - 1)]
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    try:
        with ThreadPoolExecutor(job.at_once) as threads:
            beside = [threads.submit(_run_beside, app, job, tools, each, stopping=stopping) for each in others]
            _run_batches(job, tools, facts, stopping=stopping)
        for each in beside:
            each.result()
    finally:
        for done in others:
            _add(facts, done)


def _run_beside(app: Flask, job: Job, tools: Tools, facts: dict[str, Any], *, stopping: threading.Event) -> None:
    with app.app_context():
        _run_batches(job, tools, facts, stopping=stopping)


def _run_batches(job: Job, tools: Tools, facts: dict[str, Any], *, stopping: threading.Event) -> None:
    while _run_batch(job, tools, facts) and not stopping.is_set():
        with atomic():
            job_runs.be_seen(WORKER, now=clock.now())


def _run_batch(job: Job, tools: Tools, facts: dict[str, Any]) -> bool:
    """Whether more may wait."""
    batch = job.run(tools)
    _add(facts, {"done": batch.done, "batches": 1, **batch.facts})
    return batch.more


def _add(total: dict[str, Any], facts: Mapping[str, Any]) -> None:
    """Numbers add up, lists follow each other."""
    for name, value in facts.items():
        total[name] = total[name] + value if name in total else value


def _begin(job: Job, started_at: datetime) -> int:
    with atomic():
        return job_runs.begin(job.name, worker=WORKER, now=started_at)


def _finish(job: Job, run_id: int | None, started_at: datetime, *, outcome: str, facts: dict[str, Any]) -> None:
    with atomic():
        known = run_id if run_id is not None else job_runs.begin(job.name, worker=WORKER, now=started_at)
        job_runs.finish(known, outcome=outcome, facts=facts, now=clock.now())
    logger.info("job ran", extra={"job": job.name, "outcome": outcome, **facts})
