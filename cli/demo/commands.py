"""`flask demo load` and `flask demo sign-ins`; refused in production."""

import json
from datetime import timedelta

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.kernel import clock
from app.kernel.db import atomic
from app.workers import entrance_codes
from cli.demo import counters, directory, history, mall, messages, questions, segments, words

demo_group = AppGroup("demo", help="The demo malls.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(demo_group)


@demo_group.command("load")
@click.option("--sandbox-port", envvar="SANDBOX_PORT", type=int, required=True)
@click.option("--gate-id", envvar="SANDBOX_GATE_ID", required=True)
@click.option("--gate-secret", envvar="SANDBOX_GATE_SECRET", required=True)
@click.option("--pos-id", envvar="SANDBOX_POS_ID", required=True)
@click.option("--pos-secret", envvar="SANDBOX_POS_SECRET", required=True)
def load(sandbox_port: int, **ids: str) -> None:
    """Build the demo malls and tell their history up to now; done once."""
    _refuse_in_production()
    mchid = current_app.extensions["huitou.gateway"].pay.mchid
    wiring = mall.Machines(gate_url=f"http://127.0.0.1:{sandbox_port}", circle_mchid=mchid, **ids)
    now = clock.now()
    if mall.is_built():
        with atomic():
            mall.rewire(wiring, now=now)
        _fetch_codes()
        click.echo("the demo malls are loaded")
        return
    last_month = clock.first_of_month(clock.first_of_month(clock.business_date(now)) - timedelta(days=1))
    start = clock.start_of_day(last_month)
    with clock.freeze(start), atomic():
        built = mall.build(wiring, now=start)
    history.tell(built, start=start, end=now, progress=_progress)
    counters.count(built, start=start, end=now)
    words.give(built, now=now)
    segments.make(built, now=now)
    questions.leave_open(built, end=now)
    messages.send_reminders(end=now)
    _fetch_codes()


def _fetch_codes() -> None:
    """Codes of the demo's entrances from the platforms, as the console's buttons would; none is asked for twice."""
    gateway = current_app.extensions["huitou.gateway"]
    with atomic():
        found = [(row.id, row.scene, row.is_default) for row in mall.list_entrances()]
    for entrance_id, scene, is_default in found:
        come = entrance_codes.fetch_mini_code(gateway.mini, entrance_id, scene)
        if come and is_default:
            come = entrance_codes.make_contact_way(gateway.wecom, entrance_id, scene)
        if not come:
            click.echo("the platforms do not answer: fetch the entrances' codes in the console", err=True)
            return


def _progress(done: int, total: int) -> None:
    if done % 8 == 0 or done == total:
        click.echo(f"demo members {done}/{total}", err=True)


@demo_group.command("sign-ins")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def sign_ins(as_json: bool) -> None:
    """Whom to sign in as."""
    _refuse_in_production()
    rows = directory.sign_ins()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        click.echo("  ".join(row.values()))


def _refuse_in_production() -> None:
    if current_app.extensions["huitou"].is_production:
        raise click.ClickException("the demo malls are refused in production")
