"""`flask twin make`, refused in production and in a mall of others unless said; `flask twin truth`."""

from datetime import datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from sqlalchemy import and_, exists, or_, select

from app.flows.purchases import Effects
from app.identity.models import IdentityKind, Member, MemberIdentity
from app.kernel import clock
from app.kernel.db import atomic, db
from app.lifecycle.causes.rules import Cause
from app.malls import queries as mall_queries
from app.malls.models import Mall
from cli.demo import directory
from cli.twin import making, settling, truth
from cli.twin.people import World

twin_group = AppGroup("twin", help="Members who never were.")


def register(flask_app: Flask) -> None:
    """Add the commands to the application."""
    flask_app.cli.add_command(twin_group)


@twin_group.command("make")
@click.option("--members", type=click.IntRange(1, 1_000_000), default=3_000, show_default=True)
@click.option("--days", type=click.IntRange(2, 2_000), default=400, show_default=True, help="Of history.")
@click.option("--seed", type=click.IntRange(0, 9_999), default=1, show_default=True, help="Another seed, other people.")
@click.option("--mall", "mall_code", help="Its code; may be left out while there is only one.")
@click.option("--last-day", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the history [today].")
@click.option(
    "--effects",
    type=click.Choice([effect.value for effect in Effects]),
    default=Effects.NONE.value,
    show_default=True,
    help="ledger: points, growth and postings, too, entered now; then: entered as of their days. Both need contract "
    "terms since the first day, which a demo mall gets; its months before its own story are settled.",
)
@click.option("--truth", "truth_file", type=click.Path(dir_okay=False, path_type=Path), default="twin-truth.csv")
@click.option("--workers", type=click.IntRange(1, 16), default=1, show_default=True, help="Processes at once.")
@click.option("--among-others", is_flag=True, help="Also in a mall that has members of its own.")
def make(
    members: int,
    days: int,
    seed: int,
    mall_code: str | None,
    last_day: datetime | None,
    effects: str,
    truth_file: Path,
    workers: int,
    among_others: bool,
) -> None:
    """Make members with a history in a mall that has stores; who is what is written into the file of --truth.

    The same numbers, seed and last day make the same people. May be run again: who is there is not made twice.
    """
    if current_app.extensions["huitou"].is_production:
        raise click.ClickException("made-up members are refused in production")
    now = clock.now()
    today = clock.business_date(now)
    last = today if last_day is None else min(last_day.date(), today)
    world = World(members=members, days=days, seed=seed, last=last)
    with atomic():
        mall = _choose(mall_code, among_others)
        has_books = effects != Effects.NONE.value and _is_demo(mall)
        if has_books:
            settling.open_books(mall.id, since=world.first)
        code, mall_id, own_story_from = mall.code, mall.id, clock.business_date(mall.created_at)
    end = min(now, clock.end_of_day(last))
    made = making.make(world, code, effects=Effects(effects), end=end, progress=_progress, workers=workers)
    days_worked_out = making.work_out_stages(world, now=now) if made["members"] else 0
    if days_worked_out:
        made["days of stages"] = days_worked_out
    if has_books:
        with atomic():
            made["statements"] = settling.settle_months(mall_id, since=world.first, until=own_story_from)
    truth.write(world, truth_file)
    counts = ", ".join(f"{count:,} {kind}" for kind, count in made.items() if count)
    click.echo(f"{counts or 'nobody new'}; who is what: {truth_file}")


@twin_group.command("truth")
@click.option("--truth", "file", type=click.Path(dir_okay=False, exists=True, path_type=Path), default="twin-truth.csv")
def tell_truth(file: Path) -> None:
    """Print why silent members of the file stay away, by what they were judged to be, and how often that was right."""
    with atomic():
        found = truth.compare(file)
    click.echo(f"{'is, judged as':>14}" + "".join(f"{said.value:>12}" for said in Cause))
    for true in (*truth.TRUE_CAUSES, None):
        row = [found.counts.get((true, said), 0) for said in Cause]
        click.echo(f"{true.value if true else 'none':>14}" + "".join(f"{count:>12,}" for count in row))
    click.echo(
        f"{found.named:,} with a cause for whom one was named, {found.right:,} of them rightly; "
        f"{found.by_chance:,.1f} would be if the same causes were named blindly"
    )


def _choose(code: str | None, among_others: bool) -> Mall:
    """The mall; refuses one without stores, and one with members who are neither the demo's nor a twin's."""
    malls = mall_queries.list_malls()
    found = [mall for mall in malls if code in (None, mall.code)]
    if len(found) != 1:
        named = ", ".join(mall.code for mall in malls) or "none is open"
        raise click.ClickException(f"say which mall by --mall: {named}")
    (mall,) = found
    if not making.list_shops(mall.id):
        raise click.ClickException(f"{mall.code} has no stores to buy in")
    if not among_others and _has_others(mall):
        raise click.ClickException(f"{mall.code} has members of its own; --among-others makes these beside them")
    return mall


def _is_demo(mall: Mall) -> bool:
    return mall.code in {plan.code for plan in directory.MALLS}


def _has_others(mall: Mall) -> bool:
    """Whether real people may be its members: none are in a demo mall."""
    if _is_demo(mall):
        return False
    made_up = (
        select(MemberIdentity.member_id)
        .where(
            or_(
                and_(MemberIdentity.kind == IdentityKind.CARD_NO.value, MemberIdentity.value.startswith("TW")),
                and_(MemberIdentity.kind == IdentityKind.UNIONID.value, MemberIdentity.value.startswith("twin-")),
            )
        )
        .cte("made_up")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    theirs = (
        select(Member.id)
        .outerjoin(made_up, made_up.c.member_id == Member.id)
        .where(Member.home_mall_id == mall.id, made_up.c.member_id.is_(None))
    )
    return bool(db.session.scalar(select(exists(theirs))))


def _progress(done: int, total: int) -> None:
    click.echo(f"twin members {done}/{total}", err=True)
