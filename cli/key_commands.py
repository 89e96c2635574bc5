"""`flask keys reseal`: after a new data key was put last in HUITOU_DATA_KEYS."""

import click
from flask import Flask
from flask.cli import AppGroup

from app.flows.privacy import resealing
from app.kernel.db import atomic
from app.kernel.personal_data import SealedColumn
from app.kernel.security.crypto import SealBroken

keys_group = AppGroup("keys", help="The keys of personal data.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(keys_group)


@keys_group.command("reseal")
def reseal() -> None:
    """Seal everything with the newest key; afterwards the older ones can leave HUITOU_DATA_KEYS."""
    for where in resealing.COLUMNS:
        total = 0
        while count := _some(where):
            total += count
        click.echo(f"{where.table.name}.{where.column}: {total} sealed anew")


def _some(where: SealedColumn) -> int:
    try:
        with atomic():
            return resealing.reseal_some(where)
    except SealBroken as error:
        raise click.ClickException(
            f"a value of {where.table.name}.{where.column} was sealed by a key that is not in HUITOU_DATA_KEYS"
        ) from error
