"""`flask mall open`: a mall from the server's own terminal; everything in it is added in the console."""

import re

import click
from flask import Flask
from flask.cli import AppGroup

from app.access import audit
from app.access.scopes import Place
from app.flows import opening
from app.kernel import clock
from app.kernel.db import atomic

mall_group = AppGroup("mall", help="Malls.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(mall_group)


@mall_group.command("open")
@click.argument("code")
@click.argument("name")
@click.option("--city", prompt=True, help="Where it stands.")
@click.option("--accent", default=opening.ACCENT, show_default=True, help="Its colour, as #rrggbb.")
def open_mall(code: str, name: str, city: str, accent: str) -> None:
    """Open the mall CODE called NAME, with the rules every group needs and a main entrance."""
    if len(accent) != 7 or not accent.startswith("#") or any(c not in "0123456789abcdef" for c in accent[1:].lower()):
        raise click.ClickException("the accent must look like #0f766e")
    if re.fullmatch(r"[A-Z0-9]{1,16}", code) is None:
        raise click.ClickException("the code must be 1 to 16 capitals and digits, like YH")
    now = clock.now()
    with atomic():
        mall = opening.open_mall(code, name=name, city=city, accent=accent, created_by="terminal", now=now)
        audit.record(audit.SYSTEM, action="mall.open", subject=f"mall:{mall.id}", now=now, place=Place(mall_id=mall.id))
    click.echo(f"{mall.name} ({mall.code}) is open")
