"""`flask lifecycle predict`, `backtest`, `causes`: what to expect of members, how true it was, why they stay away."""

from datetime import datetime, timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError
from app.lifecycle.causes import queries as cause_queries
from app.lifecycle.predictions import backtesting
from app.lifecycle.predictions.backtesting import Calibration, Line
from app.lifecycle.stages import nights
from app.workers.predictions import judging, predicting

_DAY = click.DateTime(["%Y-%m-%d"])
_HEAD = (
    f"{'':>12} {'members':>8} {'bought: exp.':>12} {'actual':>8} "
    f"{'days: exp.':>11} {'actual':>8} {'yuan: exp.':>13} {'actual':>13}"
)


def register(flask_app: Flask) -> None:
    """Add the commands to the application, beside the others of the lifecycle."""
    group = flask_app.cli.commands.get("lifecycle")
    if not isinstance(group, AppGroup):
        group = AppGroup("lifecycle", help="Members' lifecycle.")
        flask_app.cli.add_command(group)
    group.command("predict")(predict)
    group.command("backtest")(backtest)
    group.command("causes")(causes)


@click.option("--as-of", "moment", type=_DAY, help="The last day that counts; yesterday if not said.")
def predict(moment: datetime | None) -> None:
    """Fit who still comes, how often and for how much, and write what changed of each member."""
    day = moment.date() if moment else clock.business_date(clock.now()) - timedelta(days=1)
    try:
        if moment:
            nights.ensure_over(day, now=clock.now())
        done = predicting.predict_day(day)
    except DomainError as error:
        raise click.ClickException(f"{error} ({error.code})") from error
    fit = done.fit
    click.echo(f"as of {fit.day}: {fit.members} members, {done.written} rows written, {done.removed} removed")
    for name, values, obstacle in (
        ("buying", {one: getattr(fit, one) for one in ("r", "alpha", "a", "b")}, fit.buying_obstacle),
        ("amounts", {one: getattr(fit, one) for one in ("p", "q", "gamma")}, fit.amounts_obstacle),
    ):
        told = ", ".join(f"{one} {value:.4g}" for one, value in values.items() if value is not None) or "none"
        told += ", the first purchase may be the last" if name == "buying" and fit.from_first else ""
        click.echo(f"{name}: {told}" + (f" (the last good ones: {obstacle})" if obstacle else ""))


@click.option("--as-of", "moment", type=_DAY, required=True, help="The last of the 90 days that are held back.")
def backtest(moment: datetime) -> None:
    """Print what would have been expected of the 90 days before a date, beside what happened. Writes nothing."""
    try:
        nights.ensure_over(moment.date(), now=clock.now())
        with atomic():
            table = backtesting.backtest(moment.date())
    except DomainError as error:
        raise click.ClickException(f"{error} ({error.code})") from error
    click.echo(f"known until {table.known_until}, compared with the 90 days until {table.as_of}")
    click.echo(_HEAD)
    for line in _lines(table):
        click.echo(line)


def causes() -> None:
    """Judge who has become silent by yesterday, and print how many stay away for each cause."""
    done = judging.judge_silences()
    click.echo(f"{done.judged} judged, {done.over} over")
    with atomic():
        counts = cause_queries.count_causes()
    for cause, members in counts.items():
        click.echo(f"{cause.value:>12} {members:>8}")


def _lines(table: Calibration) -> list[str]:
    bands = {f"{band * 10}-{band * 10 + 10} %": one for band, one in sorted(table.by_probability.items())}
    repeats = {f"{number} repeats": one for number, one in sorted(table.by_repeats.items())}
    return [_line(name, one) for name, one in {**bands, **repeats, "all": table.total}.items()]


def _line(name: str, one: Line) -> str:
    bought = f"{one.members:>8} {one.returned_expected:>12.1f} {one.returned:>8}"
    days = f"{one.purchases_expected:>11.1f} {one.purchases:>8}"
    return f"{name:>12} {bought} {days} {one.spend_expected_fen / 100:>13,.0f} {one.spend_fen / 100:>13,.0f}"
