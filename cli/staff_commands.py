"""`flask staff administrator`: the first person who can sign in, made where the server is."""

import click
from flask import Flask
from flask.cli import AppGroup

from app.access import audit, staff
from app.access.models import Role
from app.access.scopes import Place
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import DomainError

staff_group = AppGroup("staff", help="Staff, from the server's own terminal.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(staff_group)


@staff_group.command("administrator")
@click.option("--name", prompt=True, help="As colleagues know them.")
@click.option("--phone", prompt=True, help="What they sign in with.")
@click.password_option(help="8 characters or more, letters and digits.")
def make_administrator(name: str, phone: str, password: str) -> None:
    """Make an administrator of the whole group; everybody else is added in the console."""
    now = clock.now()
    try:
        with atomic():
            person = staff.hire(name=name, phone=phone, password=password, now=now)
            staff.grant_role(person.id, role=Role.ADMINISTRATOR, place=Place())
            audit.record(audit.SYSTEM, action="staff.create", subject=f"staff:{person.id}", now=now)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} can sign in to the console")
