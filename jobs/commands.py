"""`flask jobs run`, `flask jobs list`, `flask job run NAME`; the factory registers them."""

import json
import threading
from collections.abc import Mapping
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.runs import job_runs, logs
from jobs import runner
from jobs.process import Process, quiet_scheduler_logs
from jobs.schedule import JOBS, find_job
from jobs.tools import Tools

jobs_group = AppGroup("jobs", help="The jobs process and its table.")
job_group = AppGroup("job", help="One job by hand.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(jobs_group)
    flask_app.cli.add_command(job_group)


@jobs_group.command("run")
def run_process() -> None:
    """Run every job on its schedule until SIGTERM."""
    logs.configure()
    quiet_scheduler_logs()
    process = Process(current_app._get_current_object(), _tools())  # type: ignore[attr-defined]
    process.stop_on_signals()
    process.run()


@jobs_group.command("list")
def list_jobs() -> None:
    """Show every job: name, when it runs, what it does."""
    width = max(len(job.name) for job in JOBS)
    for job in JOBS:
        click.echo(f"{job.name:<{width}}  {job.when:<36}  {job.about}")


@job_group.command("run")
@click.argument("name")
@click.option("--until-done", is_flag=True, help="Batch after batch until nothing more waits.")
def run_job(name: str, until_done: bool) -> None:
    """Run the job NAME once, now, whatever its schedule says; tell what it did, and what was done already."""
    job = find_job(name)
    if job is None:
        raise click.ClickException(f"no job is called {name}; `flask jobs list` shows them all")
    before = _last_run(name)
    facts = runner.run(job, _tools(), stopping=threading.Event(), until_done=until_done)
    click.echo(json.dumps({"job": name, **facts}, default=str))
    click.echo(f"{job.about}\nnow: {_told(facts)}\nbefore: {before}", err=True)


def _last_run(name: str) -> str:
    """What the latest run that is noted did; of jobs that run every few seconds only those that did something are."""
    with atomic():
        runs = job_runs.list_runs(job=name, limit=1)
        if not runs:
            return "no run is noted that did anything"
        run = runs[0]
        when = f"{run.started_at.astimezone(clock.MALL_ZONE):%Y-%m-%d %H:%M} by {run.worker}"
        return f"{run.outcome or 'under way'} on {when}: {_told(run.facts)}"


def _told(facts: Mapping[str, Any]) -> str:
    """What a run did, in words; nothing when nothing was due."""
    batches = facts.get("batches", 0)
    others = "".join(f", {name} {value}" for name, value in facts.items() if name not in ("done", "batches"))
    return f"{facts.get('done', 0)} done in {batches} batch{'' if batches == 1 else 'es'}{others}"


def _tools() -> Tools:
    """What the factory built, as jobs take it."""
    parts = current_app.extensions
    return Tools(settings=parts["huitou"], gateway=parts["huitou.gateway"], gate=parts["huitou.gate"])
