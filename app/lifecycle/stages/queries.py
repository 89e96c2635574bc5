"""Where members stand and stood: as it was, read backwards from the present by what changed since, or restated.

As it was is what nights and acts said then. Restated is worked out now, from the facts as they are known today, under
any rules: what was told late, brought back or merged since then counts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, func, select

from app.identity import people
from app.kernel.db import db, take_long
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import cut_points, facts_sql, moved, restating
from app.lifecycle.stages.models import ALL_FACTS, NOWHERE, LifecycleCut, MemberStage, StageChange
from app.lifecycle.stages.rules import Facts, Standing, classify


@dataclass(frozen=True, slots=True)
class Move:
    """So many members stood in one stage at one date and in another at a later one; empty where they stood nowhere."""

    old_stage: str
    stage: str
    members: int


@dataclass(frozen=True, slots=True)
class Past:
    """A member at a date: what rests on which facts."""

    facts: Facts
    standing: Standing


def find_standing(member_id: int) -> MemberStage | None:
    """Where the member stands now; None for whom no night has counted yet."""
    return db.session.get(MemberStage, member_id)


def standings_of(member_ids: Collection[int]) -> dict[int, MemberStage]:
    """Where each of these members stands now; those whom no night has counted yet are left out."""
    found = db.session.scalars(select(MemberStage).where(MemberStage.member_id.in_(member_ids)))
    return {one.member_id: one for one in found}


def find_cut(day: date) -> int | None:
    """From which spend on one was among those who spent most on a day; None when nobody bought or no night is kept."""
    return db.session.scalar(select(LifecycleCut.high_spend_fen).where(LifecycleCut.day == day))


def find_latest_cuts() -> LifecycleCut | None:
    """The cut points of the last day that has any."""
    return db.session.scalar(select(LifecycleCut).order_by(LifecycleCut.day.desc()).limit(1))


def list_changes(member_ids: Sequence[int]) -> Sequence[StageChange]:
    """What changed of a person, by all their numbers, the latest first."""
    return db.session.scalars(
        select(StageChange)
        .where(StageChange.member_id.in_(member_ids))
        .order_by(StageChange.day.desc(), StageChange.id.desc())
    ).all()


def list_last_changes(member_ids: Sequence[int]) -> Sequence[StageChange]:
    """The last change of each of these members."""
    one = StageChange
    return db.session.scalars(
        select(one)
        .distinct(one.member_id)
        .where(one.member_id.in_(member_ids))
        .order_by(one.member_id, one.day.desc(), one.id.desc())
    ).all()


def find_as_it_was(member_id: int, *, day: date) -> tuple[str, str] | None:
    """Stage and activity of a member at the end of a day, as they were said to be then; None where nowhere."""
    then = stood(day).subquery("stood")
    row = db.session.execute(select(then.c.stage, then.c.activity).where(then.c.member_id == member_id)).first()
    return None if row is None else (row.stage, row.activity)


def count_as_it_was(*, day: date, mall_id: int | None = None) -> dict[str, int]:
    """Members by stage at the end of a day, as they were said to stand then; of one home mall or of all."""
    then = stood(day).subquery("stood")
    rows = db.session.execute(select(then.c.stage, func.count()).where(*_of_mall(then, mall_id)).group_by(then.c.stage))
    return dict(rows.tuples().all())


def matrix_as_it_was(first: date, second: date, *, mall_id: int | None = None) -> list[Move]:
    """Who stood where at the ends of two days, as was said then; of one home mall or of all."""
    counts = moved.count(first, second, mall_id=mall_id)
    return [Move(*pair, members) for pair, members in sorted(counts.items())]


def matrix_restated(
    first: date, second: date, *, rules: Rules, rules_then: Rules | None = None, mall_id: int | None = None
) -> list[Move]:
    """Who stood where at the ends of two days, worked out now; `rules_then` hold for the first day if others did."""
    take_long()
    before = restating.restated(rules_then or rules, as_of=first, name="before")
    after = restating.restated(rules, as_of=second, name="after")
    return _matrix(before.standings(), after.standings(), mall_id)


def count_restated(*, day: date, rules: Rules, mall_id: int | None = None) -> dict[str, int]:
    """Members by stage at the end of a day, worked out now; of one home mall or of all."""
    take_long()
    stood = restating.restated(rules, as_of=day).standings().subquery("stood")
    rows = db.session.execute(
        select(stood.c.stage, func.count()).where(*_of_mall(stood, mall_id)).group_by(stood.c.stage)
    )
    return dict(rows.tuples().all())


def find_restated(member_id: int, *, day: date, rules: Rules, rules_of_day: Rules) -> Past | None:
    """A member at the end of a day, worked out now; None for who was not known by then.

    `rules_of_day`: those in force then. Where these compare spend alike, the cut point that was kept of the day is
    taken; else, or where no night kept one, it is worked out over everybody, which takes its time.
    """
    person = people.find_people([member_id])
    row = db.session.execute(facts_sql.of_some(rules, as_of=day, people=person)).first()
    if row is None:
        return None
    facts = Facts(**{name: getattr(row, name) for name in ALL_FACTS})
    cut_fen = _cut_of(day, rules, rules_of_day)
    return Past(facts, classify(facts, rules, as_of=day, cut_fen=cut_fen))


def _cut_of(day: date, rules: Rules, rules_of_day: Rules) -> int | None:
    kept = db.session.get(LifecycleCut, day)
    same = (rules.spend_days, rules.high_spend_top_bps) == (rules_of_day.spend_days, rules_of_day.high_spend_top_bps)
    if kept is not None and same:
        return kept.high_spend_fen
    take_long()
    facts = facts_sql.of_everybody(rules, as_of=day, merged=people.list_merged()).subquery("facts")
    return db.session.scalar(select(cut_points.high_spend(facts, rules)))


def stood(day: date) -> Select[Any]:
    """Where everybody stood at the end of a day, as was said then: member, home mall, stage and activity.

    By the first change after it, or where they stand now without one.
    """
    one = StageChange
    changed = (
        select(one.member_id, one.home_mall_id, one.old_stage, one.old_activity)
        .distinct(one.member_id)
        .where(one.day > day)
        .order_by(one.member_id, one.day, one.id)
        .subquery("changed")
    )
    now = MemberStage
    stage = func.coalesce(changed.c.old_stage, now.stage)
    return (
        select(
            func.coalesce(now.member_id, changed.c.member_id).label("member_id"),
            func.coalesce(now.home_mall_id, changed.c.home_mall_id).label("home_mall_id"),
            stage.label("stage"),
            func.coalesce(changed.c.old_activity, now.activity).label("activity"),
        )
        .select_from(now)
        .join(changed, changed.c.member_id == now.member_id, full=True)
        .where(stage != NOWHERE)
    )


def _matrix(before: Select[Any], after: Select[Any], mall_id: int | None) -> list[Move]:
    old, new = before.subquery("old"), after.subquery("new")
    mall = func.coalesce(new.c.home_mall_id, old.c.home_mall_id)
    stages = func.coalesce(old.c.stage, NOWHERE).label("old_stage"), func.coalesce(new.c.stage, NOWHERE).label("stage")
    rows = db.session.execute(
        select(*stages, func.count().label("members"))
        .select_from(old.join(new, new.c.member_id == old.c.member_id, full=True))
        .where(*([] if mall_id is None else [mall == mall_id]))
        .group_by(*stages)
    )
    return sorted((Move(*row) for row in rows.tuples()), key=lambda move: (move.old_stage, move.stage))


def _of_mall(stood: Subquery, mall_id: int | None) -> list[ColumnElement[bool]]:
    return [] if mall_id is None else [stood.c.home_mall_id == mall_id]
