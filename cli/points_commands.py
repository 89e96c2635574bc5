"""`flask points`: proving that every account adds up."""

import click
from flask import Flask
from flask.cli import AppGroup

from app.points.proof.proofs import Proof
from app.points.proof.ways import Way
from app.workers.points import points

points_group = AppGroup("points", help="The books of points.")

# How the equation reads: what came in with its sign, and what is left.
_WIDTH = 14


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(points_group)


@points_group.command("prove")
def prove() -> None:
    """Prove every account and the whole now, keep it as today's proof; fails when anything differs."""
    found = points.prove_accounts()
    for line in _told(found):
        click.echo(line)
    if not found.is_whole:
        raise click.ClickException(f"{found.differing} differ")


def _told(found: Proof) -> list[str]:
    seconds = found.milliseconds / 1_000
    lines = [f"{found.accounts} accounts, {found.entries} entries, read in {seconds:.1f} s"]
    lines += [f"{way.value:<{_WIDTH}}{found.total(way):>+20,}" for way in Way]
    lines += [
        f"{'available':<{_WIDTH}}{found.available_points:>20,}",
        f"{'held':<{_WIDTH}}{found.held_points:>20,}",
        f"{'owed':<{_WIDTH}}{found.debt_points:>20,}",
        f"{'in lots':<{_WIDTH}}{found.lots_points:>20,}",
    ]
    lines += [
        f"DIFFERS {one.side.value}: member {one.member_id or 'all'}, expected {one.expected:,}, found {one.found:,}"
        + ("" if one.entry_id is None else f", entry {one.entry_id}")
        for one in found.differences
    ]
    return lines if found.differing else [*lines, "everything adds up"]
