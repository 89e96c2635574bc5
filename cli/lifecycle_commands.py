"""`flask lifecycle`: working out where members stand, and a date in numbers."""

import json
from dataclasses import asdict
from datetime import date, datetime

import click
from flask import Flask
from flask.cli import AppGroup

from app.kernel import clock
from app.kernel.db import atomic, one_moment
from app.kernel.errors import DomainError
from app.lifecycle.rules import rule_sets
from app.lifecycle.stages import nights, restating
from app.lifecycle.stages.models import LifecycleNight
from app.lifecycle.stages.nights import CountedAnew
from app.workers.lifecycle import night_runs

DAY = click.DateTime(["%Y-%m-%d"])
lifecycle_group = AppGroup("lifecycle", help="Where members stand.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(lifecycle_group)


@lifecycle_group.command("run")
@click.option("--as-of", type=DAY, help="The last day to work out; the last that is over if not said.")
@click.option("--full", is_flag=True, help="Count everybody anew from all rows, also for a day that is done.")
@click.option("--since", type=DAY, help="Also the days from DATE on, of a history that was imported, before any night.")
def run(as_of: datetime | None, full: bool, since: datetime | None) -> None:
    """Work out every day up to DATE that is over and not worked out yet, one after the other."""
    now = clock.now()
    until = nights.last_over(now) if as_of is None else as_of.date()
    try:
        done = night_runs.backfill(since=since.date(), until=until, now=now) if since is not None else []
        done += night_runs.run_nights(until=until, now=now)
        again = _run_again(until, now=now) if full and not any(night.is_full for night in done[-1:]) else None
    except DomainError as error:
        raise _refusal(error) from error
    for night in done:
        click.echo(_told(night))
    if again is not None:
        click.echo(f"{until}: {again.night.members} members counted anew, {again.differing} differences")
    elif not done:
        click.echo("nothing to do: every day that is over is worked out")


def _run_again(day: date, *, now: datetime) -> CountedAnew:
    with atomic():
        return nights.run_again(day, now=now)


def _refusal(error: DomainError) -> click.ClickException:
    facts = ", ".join(f"{name} {value}" for name, value in error.facts.items())
    return click.ClickException(f"{error} ({error.code}: {facts})")


def _told(night: LifecycleNight) -> str:
    how = "counted anew" if night.is_full else "carried on"
    return f"{night.day}: {night.members} members {how}, {night.changes} changes"


@lifecycle_group.command("report")
@click.option("--as-of", type=DAY, required=True, help="The date to tell of.")
@click.option("--format", "form", type=click.Choice(["json"]), default="json", show_default=True)
def report(as_of: datetime, form: str) -> None:
    """Print members by stage, activity, inactivity and scores at DATE, under the rules of that day, as known now.

    DATE is a day that is over: of another, nobody could tell who will have come.
    """
    day = as_of.date()
    try:
        nights.ensure_over(day, now=clock.now())
    except DomainError as error:
        raise _refusal(error) from error
    with one_moment():
        found = restating.report(rule_sets.in_force(day).rules, as_of=day)
    click.echo(json.dumps(asdict(found) | {"as_of": day.isoformat()}, indent=2))
