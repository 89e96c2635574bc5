"""Who stands somewhere and is nobody any more: found by a night, or by the days of a history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    Date,
    FromClause,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
)

from app.identity.models import Member, MemberStatus
from app.kernel.db import db, table_of
from app.lifecycle.rules.rule_sets import InForce
from app.lifecycle.stages import day_flows
from app.lifecycle.stages.models import ALL_FACTS, NOWHERE, LifecycleNight, MemberStage, StageChange, Why
from app.lifecycle.stages.standings import Night
from app.lifecycle.stages.tallies.counting import Near, Tally, as_gone, count

_STAGES, _CHANGES, _NIGHTS = map(table_of, (MemberStage, StageChange, LifecycleNight))


@dataclass(frozen=True, slots=True)
class Gone:
    """Their numbers: who was found to be another, and who left."""

    merged: Sequence[int]
    closed: Sequence[int]


def list_gone(numbers: Sequence[int] | None = None) -> Gone:
    """Of those who stand somewhere: who was found to be another, and who left while a night was counting them.

    Everybody, or those among some numbers.
    """
    which = [] if numbers is None else [Member.id == _any_of(numbers)]
    rows = db.session.execute(
        select(Member.id, Member.status)
        .join(MemberStage, MemberStage.member_id == Member.id)
        .where(Member.status.in_((MemberStatus.MERGED.value, MemberStatus.CLOSED.value)), *which)
        .order_by(Member.id)
    ).all()
    merged = [row.id for row in rows if row.status == MemberStatus.MERGED.value]
    return Gone(merged=merged, closed=[row.id for row in rows if row.status == MemberStatus.CLOSED.value])


def drop(
    gone: Gone, rules: InForce, *, first: date, last: date, near: Near, night: Night | None = None
) -> tuple[int, Tally]:
    """Let them stand nowhere any more from these days on, which are being worked out; returns how many changes it kept,
    and what those who are another now changed in how many have which value.
    `night`: the only one it is about, whose row another transaction has written.

    It is kept of those who are another now, with the first of the days: or with that of the act which moved them since,
    and whom an act of a day after the last has moved stays there until that day. Who was merged while a night counted
    them stood nowhere yet, so nothing is kept of them.
    """
    if gone.closed:
        day_flows.leave(gone.closed, day=last)
    if not gone.merged:
        return 0, Tally()
    dropped = delete(_STAGES).where(_STAGES.c.member_id == _any_of(gone.merged), _STAGES.c.since <= last)
    own = dropped.returning(*_STAGES.c).cte("dropped")
    kept = _ended(own, _NIGHTS if night is None else _as_row(night), rules, first=first)
    tally, changes = count(as_gone(own).cte("gone"), near, also=select(kept.c.id))
    return len(changes), tally


def _ended(own: CTE, nights: FromClause, rules: InForce, *, first: date) -> CTE:
    """The changes of those who stand nowhere any more."""
    night = nights.c
    row: dict[str, ColumnElement[Any]] = {
        "member_id": own.c.member_id,
        "home_mall_id": own.c.home_mall_id,
        "day": night.day,
        "old_stage": own.c.stage,
        "stage": literal(NOWHERE),
        "old_activity": own.c.activity,
        "activity": literal(NOWHERE),
        "why": literal(Why.MERGED.value),
        **{name: own.c[name] for name in ALL_FACTS},
        "rules_id": literal(rules.version_id, BigInteger),
        "night_id": night.id,
    }
    of_night = night.day == func.greatest(own.c.since, literal(first, Date))
    rows = select(*row.values()).select_from(own.join(nights, of_night)).where(own.c.stage != NOWHERE)
    return insert(_CHANGES).from_select(list(row), rows).returning(_CHANGES.c.id).cte("ended")


def _as_row(night: Night) -> FromClause:
    return select(literal(night.id, BigInteger).label("id"), literal(night.day, Date).label("day")).subquery("night")


def _any_of(member_ids: Sequence[int]) -> ColumnElement[Any]:
    return any_(bindparam(None, list(member_ids), type_=ARRAY(BigInteger)))
