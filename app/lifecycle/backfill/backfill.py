"""Working out many days at once: changes, cut points and sums as the night of each would have kept them, as known now.

Where nights would read everybody's rows once for each day, this reads them once for many. Only the days before the
first night that was done can be worked out so.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, Select, Table, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql

from app.identity import people
from app.identity.models import Member
from app.kernel import clock
from app.kernel.db import db, table_of, take_long
from app.kernel.errors import Busy
from app.kernel.fastpath.working_tables import working_table
from app.lifecycle.backfill import day_facts
from app.lifecycle.backfill.day_facts import Span
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import InForce
from app.lifecycle.stages import cut_points, day_flows, gone, nights, standings
from app.lifecycle.stages.errors import DayNotOver
from app.lifecycle.stages.judging import Judge
from app.lifecycle.stages.models import (
    ALL_FACTS,
    NOWHERE,
    LifecycleCut,
    LifecycleNight,
    MemberStage,
    StageChange,
)
from app.lifecycle.stages.tallies.counting import Near

# So many rows, one for each member and day, are worked with at once.
ROWS_AT_ONCE = 2_000_000

_STAGES, _CHANGES, _CUTS, _NIGHTS = map(table_of, (MemberStage, StageChange, LifecycleCut, LifecycleNight))


def list_spans(first: date, last: date) -> list[tuple[date, date]]:
    """The days in pieces for `run`, each under rules of its own and not too much for one transaction."""
    members = db.session.scalar(select(func.count()).select_from(Member)) or 1
    most = max(ROWS_AT_ONCE // members, 7)
    pieces = []
    for _, days_of in groupby(clock.each_day(first, last), lambda day: rule_sets.in_force(day).version_id):
        days = list(days_of)
        pieces += [(days[start], days[start : start + most][-1]) for start in range(0, len(days), most)]
    return pieces


def run(first: date, last: date, *, now: datetime) -> list[LifecycleNight]:
    """Work out one of the pieces of `list_spans`; returns its nights, none if one of its days was done before.

    Whoever was moved by an act of a later day stays there, as for a night. Where rules ask what or whom members
    bring, each day is left to a night of its own. Raises DayNotOver.
    """
    take_long()
    if last > nights.last_over(now):
        raise DayNotOver(day=last)
    rules = rule_sets.in_force(first)
    if rules.rules.asks_of_others:
        return [night for day in clock.each_day(first, last) if (night := nights.run(day, now=now)) is not None]
    standings.clear_unasked(rules.rules)
    done = _begin(clock.each_day(first, last), rules, now=now)
    if not done:
        return []
    gone.drop(gone.list_gone(), rules, first=first, last=last, near=Near())
    span = Span(first, last, rules.rules, people.list_numbers())
    with _facts_of(span) as facts:
        _write_cuts(facts, span)
        with working_table("moving", _moving(facts, rules)) as moving:
            _keep_changes(moving)
            _stand(facts, moving, span)
        if rules.rules.high_margin_fen is not None:
            standings.write_margins(rules, day=last, merged=people.list_merged())
        _count_up(facts, span)
    day_flows.add(first, last)
    db.session.expire_all()
    return done


def _begin(days: list[date], rules: InForce, *, now: datetime) -> list[LifecycleNight]:
    """The rows of the nights; none when one of the days, or a later one, is done."""
    last = nights.find_last()
    if last is not None and last.day >= days[0]:
        return []
    rows = [{"day": day, "is_full": True, "rules_id": rules.version_id, "started_at": now} for day in days]
    begun = postgresql.insert(LifecycleNight).on_conflict_do_nothing(index_elements=["day"]).returning(LifecycleNight)
    found = list(db.session.scalars(begun, rows))
    if len(found) != len(days):
        raise Busy
    return sorted(found, key=lambda night: night.day)


@contextmanager
def _facts_of(span: Span) -> Iterator[Table]:
    with ExitStack() as kept:
        bought = kept.enter_context(working_table("receipts_until", day_facts.receipts(span)))
        acted = kept.enter_context(working_table("acts_until", day_facts.acts(span)))
        moved = kept.enter_context(working_table("moves_by_day", day_facts.moves(span, bought, acted)))
        known = kept.enter_context(working_table("known_people", day_facts.known(span, moved)))
        yield kept.enter_context(working_table("facts_by_day", day_facts.each_day(span, known, moved)))


def _write_cuts(facts: Table, span: Span) -> None:
    """The cut points of each day, with empty ones for days on which nobody was known."""
    days, day = span.table(), facts.c.day
    points = cut_points.of_rows(facts, span.rules, as_of=day).add_columns(day).group_by(day).subquery("points")
    names = [name for name in points.c.keys() if name != "day"]
    rows = select(days.c.day, *(points.c[name] for name in names)).select_from(
        days.outerjoin(points, points.c.day == days.c.day)
    )
    written = postgresql.insert(_CUTS).from_select(["day", *names], rows)
    set_ = {name: written.excluded[name] for name in names}
    db.session.execute(written.on_conflict_do_update(index_elements=["day"], set_=set_))


def _moving(facts: Table, rules: InForce) -> Select[Any]:
    """The changes of all days as rows of `StageChange`."""
    judge = Judge(facts, rules.rules, as_of=facts.c.day, cut_fen=_CUTS.c.high_spend_fen)
    own, one = _STAGES.c, facts.c
    judged = (
        select(
            one.member_id,
            one.home_mall_id,
            one.day,
            judge.stage.label("stage"),
            judge.activity.label("activity"),
            judge.why.label("why"),
            func.coalesce(own.stage, NOWHERE).label("stood_stage"),
            func.coalesce(own.activity, NOWHERE).label("stood_activity"),
            *(one[name] for name in ALL_FACTS),
        )
        .select_from(facts.join(_CUTS, _CUTS.c.day == one.day).outerjoin(_STAGES, own.member_id == one.member_id))
        .where(or_(own.member_id.is_(None), own.since <= one.day))
        .subquery("judged")
    )
    return _those_that_change(judged.c, rules)


def _those_that_change(one: Any, rules: InForce) -> Select[Any]:
    in_turn: dict[str, Any] = {"partition_by": one.member_id, "order_by": one.day}
    stood = {
        f"old_{name}": func.coalesce(func.lag(one[name]).over(**in_turn), one[f"stood_{name}"])
        for name in ("stage", "activity")
    }
    row = {name: one[name] for name in one.keys() if not name.startswith("stood_")}
    each = select(*(value.label(name) for name, value in (row | stood).items())).subquery("each")
    changes = tuple_(each.c.stage, each.c.activity) != tuple_(each.c.old_stage, each.c.old_activity)
    return (
        select(*each.c, _NIGHTS.c.id.label("night_id"), literal(rules.version_id, BigInteger).label("rules_id"))
        .select_from(each.join(_NIGHTS, _NIGHTS.c.day == each.c.day))
        .where(changes)
    )


def _keep_changes(moving: Table) -> None:
    """Numbered in the order of days."""
    rows = select(*moving.c).order_by(moving.c.day, moving.c.member_id)
    db.session.execute(insert(_CHANGES).from_select([column.name for column in moving.c], rows))


def _stand(facts: Table, moving: Table, span: Span) -> None:
    """Let everybody have the facts of the last day, and stand where the last change has brought them."""
    one = moving.c
    latest = (
        select(one.member_id, one.stage, one.activity)
        .distinct(one.member_id)
        .order_by(one.member_id, one.day.desc())
        .subquery("latest")
    )
    entered = (
        select(one.member_id, func.max(one.day).label("since"))
        .where(one.stage != one.old_stage)
        .group_by(one.member_id)
        .subquery("entered")
    )
    with working_table("facts_of_last_day", select(*facts.c).where(facts.c.day == span.last)) as of_last:
        standings.write_facts(of_last, day=span.last)
    own = _STAGES.c
    moved = select(latest, entered.c.since).select_from(
        latest.outerjoin(entered, entered.c.member_id == latest.c.member_id)
    )
    with working_table("standing", moved) as stands:
        db.session.execute(
            update(_STAGES)
            .where(own.member_id == stands.c.member_id)
            .values(
                stage=stands.c.stage,
                activity=stands.c.activity,
                since=func.coalesce(stands.c.since, own.since),
            )
        )


def _count_up(facts: Table, span: Span) -> None:
    """How many were known on each day, and how many changes it brought."""
    night, change, day = _NIGHTS.c, _CHANGES.c, facts.c.day
    known = select(day, func.count().label("members")).group_by(day).subquery("known")
    changes = (
        select(change.day, func.count().label("changes"))
        .where(change.day >= span.first, change.day <= span.last, change.night_id.is_not(None))
        .group_by(change.day)
    )
    with working_table("changes_by_day", changes) as changed:
        rows = known.outerjoin(changed, changed.c.day == known.c.day)
        told = select(known.c.day, known.c.members, func.coalesce(changed.c.changes, 0).label("changes"))
        sums = told.select_from(rows).subquery("sums")
        written = update(_NIGHTS).where(night.day == sums.c.day)
        db.session.execute(written.values(members=sums.c.members, changes=sums.c.changes))
