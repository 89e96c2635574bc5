"""`flask import stores|members|purchases FILE.csv`; the factory registers them.

The exit code is 0 when every row is in the database, 1 when some were rejected, 2 when nothing could be read.
"""

import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import Flask
from flask.cli import AppGroup

from app.flows.history import members, receipts, stores
from app.flows.history.files import parsing
from app.flows.history.files.encodings import CODECS
from app.flows.history.files.errors import FileInvalid
from app.flows.history.files.rows import purchase_rows
from app.flows.history.stores import Naming, Terms
from app.flows.purchases import Effects
from app.kernel import clock
from app.kernel.db import atomic
from app.kernel.errors import Busy
from app.malls import queries as mall_queries
from cli.imports import loading
from cli.imports.loading import Loaded
from cli.imports.wording import REMARKS, causes_in_words, explain_file

import_group = AppGroup("import", help="A mall's own history out of CSV files.")

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(import_group)


def _effects(default: Effects) -> Callable[[F], F]:
    return click.option(
        "--effects",
        type=click.Choice([effect.value for effect in Effects]),
        default=default.value,
        show_default=True,
        help="none: the facts and the timeline only; ledger: also points, growth and postings.",
    )


_ENCODING = click.option(
    "--encoding", type=click.Choice(list(CODECS)), help="What the file is written in, if it cannot be told by itself."
)
_MALL = click.option("--mall", "mall_code", help="Code of the mall; may be left out while there is only one.")


@import_group.command("stores")
@click.argument("file", type=_FILE)
@_MALL
@_effects(Effects.LEDGER)
@_ENCODING
@click.option("--terms-from", type=click.DateTime(["%Y-%m-%d"]), help="First day of the contract terms [this month].")
@click.option("--commission-bps", type=click.IntRange(0, 10_000), default=500, show_default=True)
@click.option("--issue-price-fen", type=click.IntRange(0), default=100, show_default=True, help="Per 100 points.")
@click.option("--redeem-price-fen", type=click.IntRange(0), default=100, show_default=True, help="Per 100 points.")
def import_stores(
    file: Path, mall_code: str | None, effects: str, encoding: str | None, terms_from: Any, **terms: int
) -> None:
    """Stores with their merchants; with --effects ledger also contract terms and books for merchants without."""
    agreed = Terms(effective_from=_first_day(terms_from), **terms)
    mall_id = _mall_id(mall_code)
    now = clock.now()
    flow = partial(stores.load, mall_id=mall_id, terms=agreed, effects=Effects(effects), now=now, naming=Naming.GROUP)
    _run(
        file,
        lambda: loading.load_file(
            file,
            parsing.STORES,
            partial(parsing.read_stores, now=now),
            lambda batch, *, plainly: flow(batch),
            encoding=encoding,
        ),
    )


@import_group.command("members")
@click.argument("file", type=_FILE)
@_MALL
@_effects(Effects.NONE)
@_ENCODING
def import_members(file: Path, mall_code: str | None, effects: str, encoding: str | None) -> None:
    """Members by phone and card."""
    now = clock.now()
    flow = partial(members.load, home_mall_id=_mall_id(mall_code), effects=Effects(effects), now=now)
    read = partial(parsing.read_members, now=now)
    _run(file, lambda: loading.load_file(file, parsing.MEMBERS, read, flow, encoding=encoding))


@import_group.command("purchases")
@click.argument("file", type=_FILE)
@_effects(Effects.NONE)
@_ENCODING
def import_purchases(file: Path, effects: str, encoding: str | None) -> None:
    """Receipts and refunds of stores that are here, in the order of time."""
    now = clock.now()
    flow = partial(receipts.load, effects=Effects(effects), now=now)
    read = partial(purchase_rows.read_purchases, now=now)
    _run(file, lambda: loading.load_file(file, parsing.PURCHASES, read, flow, encoding=encoding))


def _first_day(given: Any) -> date:
    day: date = given.date() if given is not None else clock.first_of_month(clock.business_date(clock.now()))
    return day


def _mall_id(code: str | None) -> int:
    with atomic():
        ids = [mall.id for mall in mall_queries.list_malls() if code in (None, mall.code)]
    if len(ids) != 1:
        raise click.UsageError(f"no mall is called {code}" if code else "say which mall: --mall CODE")
    return ids[0]


def _run(file: Path, load: Callable[[], Loaded]) -> None:
    """Load and sum up; exits with 1 when there were rejects."""
    try:
        loaded = load()
    except FileInvalid as error:
        raise click.UsageError(explain_file(file.name, error)) from error
    except Busy as error:
        raise click.ClickException("others are at the same rows for too long; run it again, nothing is lost") from error
    except KeyboardInterrupt:
        raise click.ClickException("broken off; run it again to go on, nothing is lost or doubled") from None
    report(file, loaded)
    if loaded.tally.rejected:
        sys.exit(1)


def report(file: Path, loaded: Loaded) -> None:
    """The summary of a run."""
    tally = loaded.tally
    rate = tally.read / max(tally.seconds, 0.001)
    click.echo(
        f"{file.name}: {tally.read:,} rows read, {tally.new:,} new, {tally.known:,} already there, "
        f"{tally.rejected:,} rejected; {tally.seconds:.1f} s, {rate:,.0f} rows/s"
    )
    if tally.waiting:
        click.echo(f"{tally.waiting:,} of the new rows are of nobody we know and wait in the inbox")
    if tally.remarks:
        told = ", ".join(f"{count:,} {REMARKS[name]}" for name, count in sorted(tally.remarks.items()))
        click.echo(f"of the new rows {told}")
    if tally.causes:
        told = ", ".join(f"{count:,} {what}" for what, count in causes_in_words(tally.causes).most_common())
        click.echo(f"rejected: {told}")
    if loaded.notes is not None:
        click.echo(f"{tally.noted:,} rows came in without their name, for the reasons in {loaded.notes}")
    if loaded.rejects is not None:
        click.echo(f"rejected rows with their reasons: {loaded.rejects}")
