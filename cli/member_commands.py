"""`flask member forget`: for who asks at the service desk or in writing, or left after the backup now restored."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.access import audit
from app.flows.members import leaving
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError

member_group = AppGroup("member", help="Members.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(member_group)


@member_group.command("forget")
@click.argument("number", type=click.IntRange(min=1))
@click.option("--yes", is_flag=True, help="Do not ask whether the member was told what it costs.")
def forget(number: int, yes: bool) -> None:
    """End the membership of the member NUMBER, as log lines name them, and erase who they are."""
    now = clock.now()
    told = leaving.preview_leaving(number, now=now).cost
    if not yes:
        click.confirm(f"Was the member told that {told.points} points and {told.coupons} coupons are lost?", abort=True)
    try:
        with atomic():
            leaving.let_member_leave(
                number,
                told=told,
                now=now,
                actor=audit.SYSTEM,
                remembered_days=current_app.extensions["huitou"].memory_days,
            )
    except DomainError as error:
        raise click.ClickException(f"{error} ({error.code})") from error
    click.echo(f"member {number} is forgotten")
