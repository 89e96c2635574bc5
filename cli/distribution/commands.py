"""The command `flask db distribute`, beside Flask-Migrate's own."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate.cli import db as db_group
from sqlalchemy import Connection, text

from app.kernel.db import SCHEMA_LOCK, Model, db
from cli.distribution import catalog, placements, plan


def register(flask_app: Flask) -> None:
    """Add the command to the group that Flask-Migrate gave the application."""
    db_group.add_command(distribute)


@click.command("distribute")
@click.option("--dry-run", is_flag=True, help="Only print the statements.")
@with_appcontext
def distribute(dry_run: bool) -> None:
    """Place the tables on a Citus cluster: after `flask db upgrade`, whenever it added tables; safe to repeat.

    Each statement stands for itself: after an interruption the command goes on where it stopped.
    """
    with _alone() as connection:
        todo = _statements(connection)
        for number, statement in enumerate(todo, 1):
            click.echo(f"{number}/{len(todo)} {statement}")
            if not dry_run:
                connection.execute(text(statement))
    click.echo("nothing was done" if dry_run else "all tables are placed")


@contextmanager
def _alone() -> Iterator[Connection]:
    """A connection that commits each statement; migrations wait meanwhile, and moving rows takes its time."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET lock_timeout = 0; SET statement_timeout = 0"))
        connection.execute(text(f"SELECT pg_advisory_lock({SCHEMA_LOCK})"))
        try:
            yield connection
        finally:
            connection.execute(text(f"SELECT pg_advisory_unlock({SCHEMA_LOCK})"))


def _statements(connection: Connection) -> list[str]:
    if not catalog.knows_placing(connection):
        raise click.ClickException(
            "this database has no citus: CREATE EXTENSION citus, add the workers, then come back"
        )
    try:
        return plan.statements(Model.metadata, placements.of_all_tables(), catalog.read(connection))
    except plan.PlanError as error:
        raise click.ClickException(str(error)) from error
