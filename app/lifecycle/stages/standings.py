"""Writing where members stand: their facts as a night counted them, and the changes that follow."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    Insert,
    Select,
    SelectBase,
    Table,
    Update,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    tuple_,
    union,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql

from app.identity.people import People
from app.kernel.db import db, look_up_each, table_of
from app.kernel.fastpath.working_tables import working_table
from app.lifecycle.rules.rule_sets import InForce, Rules
from app.lifecycle.stages import facts_sql
from app.lifecycle.stages.cut_points import CutPoints
from app.lifecycle.stages.judging import Judge
from app.lifecycle.stages.models import (
    ALL_FACTS,
    FACTS,
    NOWHERE,
    LifecycleCut,
    LifecycleNight,
    MemberStage,
    StageChange,
)
from app.lifecycle.stages.tallies.counting import BEFORE, VALUES, Near, Tally, as_moved, as_new, count

_STAGES, _CHANGES, _CUTS, _NIGHTS = map(table_of, (MemberStage, StageChange, LifecycleCut, LifecycleNight))
_COUNTED = ("home_mall_id", "is_plain", *FACTS)


class Night(Protocol):
    """The row of a night, or what is known of it where its row is not to be seen yet."""

    @property
    def id(self) -> int: ...

    @property
    def day(self) -> date: ...


def write_facts(counted: Table, *, day: date) -> None:
    """Let members have the facts that were counted for them; whoever is new stands nowhere yet."""
    db.session.execute(_differing(counted))
    db.session.execute(_unknown(counted, day))


def write_some(counted: Table, *, day: date, near: Near) -> Tally:
    """The same for some members; returns what that changed in how many have which value."""
    own, before = _STAGES.c, _STAGES.alias("before").c
    was = (before[name].label(BEFORE + name) for name in VALUES)
    is_same = before.member_id == own.member_id
    changed = _differing(counted).where(is_same).returning(*was, *(own[name] for name in VALUES)).cte("changed")
    new = _unknown(counted, day).returning(*(own[name] for name in VALUES)).cte("new")
    return count(union_all(*as_moved(changed), as_new(new)).cte("moved"), near)[0]


def _differing(counted: Table) -> Update:
    own, found = _STAGES.c, counted.c
    differs = or_(*(own[name].is_distinct_from(found[name]) for name in _COUNTED))
    values = {own[name]: found[name] for name in _COUNTED}
    return update(_STAGES).where(own.member_id == found.member_id, differs).values(values)


def _unknown(counted: Table, day: date) -> Insert:
    own, found = _STAGES.c, counted.c
    # Asked before the first row is written: a table taken for empty would be looked through from end to end for each.
    counted_before = select(own.member_id).join_from(_STAGES, counted, own.member_id == found.member_id)
    known = counted_before.cte("known").prefix_with("MATERIALIZED")
    unknown = counted.outerjoin(known, known.c.member_id == found.member_id)
    nowhere = (literal(NOWHERE), literal(NOWHERE), literal(day, Date))
    return insert(_STAGES).from_select(
        ["member_id", *_COUNTED, "stage", "activity", "since"],
        select(found.member_id, *(found[name] for name in _COUNTED), *nowhere)
        .select_from(unknown)
        .where(known.c.member_id.is_(None)),
    )


def write_margins(rules: InForce, *, day: date, merged: People) -> None:
    """Let everybody have what they brought the malls in the window that ends with the day."""
    earned = facts_sql.margins(rules.rules, as_of=day, merged=merged).subquery("earned")
    fen = func.coalesce(earned.c.margin_fen, 0)
    differs = _STAGES.c.margin_fen.is_distinct_from(fen)
    rows = _STAGES.outerjoin(earned, earned.c.person_id == _STAGES.c.member_id)
    found = select(_STAGES.c.member_id, fen.label("fen")).select_from(rows).where(differs).subquery("found")
    db.session.execute(update(_STAGES).where(_STAGES.c.member_id == found.c.member_id).values(margin_fen=found.c.fen))


def write_friends(rules: InForce, *, day: date, merged: People) -> None:
    """Let everybody have how many friends they brought in the window that ends with the day."""
    brought = facts_sql.friends(rules.rules, as_of=day, merged=merged).subquery("brought")
    count = func.coalesce(brought.c.friends, 0)
    rows = _STAGES.outerjoin(brought, brought.c.person_id == _STAGES.c.member_id)
    differs = _STAGES.c.friends.is_distinct_from(count)
    found = select(_STAGES.c.member_id, count.label("count")).select_from(rows).where(differs).subquery("found")
    changed = update(_STAGES).where(_STAGES.c.member_id == found.c.member_id)
    db.session.execute(changed.values(friends=found.c["count"]))


def clear_unasked(rules: Rules) -> None:
    """Nobody has any more what the rules do not ask for."""
    asked = {_STAGES.c.margin_fen: rules.high_margin_fen, _STAGES.c.friends: rules.high_friends}
    for column, least in asked.items():
        if least is None:
            db.session.execute(update(_STAGES).where(column.is_not(None)).values({column: None}))


def write_cuts(points: CutPoints, *, day: date) -> None:
    """Keep the day's cut points."""
    values = asdict(points)
    written = postgresql.insert(_CUTS).values(day=day, **values)
    db.session.execute(written.on_conflict_do_update(index_elements=["day"], set_=values))


@dataclass(frozen=True, slots=True)
class Touched:
    """Whom a night must judge because their facts changed: `members` has their ids, `cut_fen_before` is of the day
    before, whose rules are the night's. `among`: all of them, and all whom time may turn; None for everybody."""

    members: Sequence[Table]
    cut_fen_before: int | None
    among: ColumnElement[bool] | None = None


def move(rules: InForce, *, cut_fen: int | None, night: Night, touched: Touched | None) -> int:
    """Let everybody stand where their facts say, and keep what changed; returns how many members moved.

    `touched`: nobody else has other facts than the day before, whose night judged everybody; None says nothing.
    Whoever was moved by an act of a later day stays there, and who is moved by one meanwhile does not move twice.
    """
    rows = _moving(rules, cut_fen=cut_fen, night=night, touched=touched)
    # Whom a day touches are few; without a day before, everybody may move.
    with nullcontext() if touched is None else look_up_each(), working_table("moving", rows) as moving:
        return _count(insert(_CHANGES).from_select(moving.c.keys(), select(_moved_by(moving, night.day))))


def adopt(night: Night) -> int:
    """The changes that another night of the same day has left are this one's; returns how many there are."""
    one = _CHANGES.c
    left = update(_CHANGES).where(one.day == night.day, one.night_id.is_not(None)).values(night_id=night.id)
    return _count(left)


def _moved_by(moving: Table, day: date) -> CTE:
    """Whoever still stands where they were judged stands elsewhere; the changes of those are what is left."""
    own = _STAGES.c
    return (
        update(_STAGES)
        .where(
            own.member_id == moving.c.member_id,
            own.stage == moving.c.old_stage,
            own.activity == moving.c.old_activity,
            own.since <= day,
        )
        .values(
            stage=moving.c.stage,
            activity=moving.c.activity,
            since=case((moving.c.stage == moving.c.old_stage, own.since), else_=moving.c.day),
        )
        .returning(*moving.c)
        .cte("moved")
    )


def _moving(rules: InForce, *, cut_fen: int | None, night: Night, touched: Touched | None) -> SelectBase:
    """The changes that the facts of members ask for, as rows of `StageChange`."""
    judge = Judge(_STAGES, rules.rules, as_of=night.day, cut_fen=literal(cut_fen, BigInteger))
    if touched is None:
        return _judged(judge, rules, night)
    # In the order in which members stand in the table and its index.
    ids = union(*(select(table.c.member_id) for table in touched.members)).order_by("member_id").subquery("touched")
    turned = judge.turned_by_time(cut_fen_before=literal(touched.cut_fen_before, BigInteger))
    counted = _STAGES.join(ids, ids.c.member_id == _STAGES.c.member_id)
    others = _judged(judge, rules, night).where(or_(turned, _STAGES.c.since >= night.day))
    if touched.among is not None:
        others = others.where(touched.among)
    # Some may be in both parts, with the same change: only one of the two finds them where they stood.
    return union_all(_judged(judge, rules, night, counted), others).order_by("member_id")


def _judged(judge: Judge, rules: InForce, night: Night, members: FromClause = _STAGES) -> Select[Any]:
    """The changes of these members; whoever was moved by an act of a later day has none."""
    own = _STAGES.c
    now_stands = tuple_(judge.stage, judge.activity)
    return (
        select(
            own.member_id,
            own.home_mall_id,
            own.stage.label("old_stage"),
            judge.stage.label("stage"),
            own.activity.label("old_activity"),
            judge.activity.label("activity"),
            judge.why.label("why"),
            *(own[name] for name in ALL_FACTS),
            *_of_night(rules, night),
        )
        .select_from(members)
        .where(own.since <= night.day, now_stands != tuple_(own.stage, own.activity))
    )


def _of_night(rules: InForce, night: Night) -> tuple[ColumnElement[Any], ...]:
    return (
        literal(night.day, Date).label("day"),
        literal(rules.version_id, BigInteger).label("rules_id"),
        literal(night.id, BigInteger).label("night_id"),
    )


def _count(written: Insert | Update) -> int:
    """How many rows a statement writes."""
    return int(getattr(db.session.execute(written.execution_options(preserve_rowcount=True)), "rowcount", 0))
