"""One comparison: how many members of each mall stand in which stage in one view and in the other, and who they are."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, true

from app.identity import people
from app.kernel.db import db, take_long
from app.lifecycle.restatements.questions import Comparison, View
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import facts_sql, queries, restating
from app.lifecycle.stages.models import ALL_FACTS, NOWHERE, Why
from app.lifecycle.stages.rules import Facts, classify


class MallMove(NamedTuple):
    """So many members of a mall stand in one stage before and in another after; empty where they stand nowhere."""

    mall_id: int
    old_stage: str
    stage: str
    members: int


def count(comparison: Comparison) -> list[MallMove]:
    """Everybody in both views; reads every purchase and every act of the days it is about."""
    take_long()
    rows = db.session.execute(_counted(_compared(comparison)))
    return sorted(MallMove(*row) for row in rows.tuples())


def _compared(comparison: Comparison) -> Select[Any]:
    """A row for each member with their mall and both stages."""
    before, after = comparison.before, comparison.after
    if before.day == after.day and before.rules and after.rules and _windows(before.rules) == _windows(after.rules):
        return _judged_twice(before, before.rules, after.rules)
    old, new = _stood(before, "before").subquery("old"), _stood(after, "after").subquery("new")
    return select(
        func.coalesce(new.c.member_id, old.c.member_id).label("member_id"),
        func.coalesce(new.c.home_mall_id, old.c.home_mall_id).label("mall_id"),
        func.coalesce(old.c.stage, NOWHERE).label("old_stage"),
        func.coalesce(new.c.stage, NOWHERE).label("stage"),
    ).select_from(old.join(new, new.c.member_id == old.c.member_id, full=True))


def _judged_twice(view: View, old: Rules, new: Rules) -> Select[Any]:
    """Rules that count the same facts need them once."""
    before = restating.restated(old, as_of=view.day, name="before")
    after = restating.restated(new, as_of=view.day, name="after", facts=before.facts)
    return select(
        before.facts.c.member_id,
        before.facts.c.home_mall_id.label("mall_id"),
        before.judge.stage.label("old_stage"),
        after.judge.stage.label("stage"),
    ).select_from(before.facts.join(before.cuts, true()).join(after.cuts, true()))


def _windows(rules: Rules) -> tuple[int, int, bool, bool]:
    return rules.recent_days, rules.spend_days, rules.high_margin_fen is None, rules.high_friends is None


def _stood(view: View, name: str) -> Select[Any]:
    if view.rules is None:
        return queries.stood(view.day)
    return restating.restated(view.rules, as_of=view.day, name=name).standings()


def _counted(compared: Select[Any]) -> Select[Any]:
    one = compared.subquery("compared")
    groups = one.c.mall_id, one.c.old_stage, one.c.stage
    return select(*groups, func.count().label("members")).group_by(*groups)


def select_members(comparison: Comparison, old_stage: str, stage: str, *, mall_id: int) -> Select[tuple[int]]:
    """The numbers of a mall's members who stand in one stage before and in another after.

    Costs what counting costs, so it is for groups that are not too large.
    """
    one = _compared(comparison).subquery("compared")
    return select(one.c.member_id).where(one.c.mall_id == mall_id, one.c.old_stage == old_stage, one.c.stage == stage)


def explain(view: View, member_ids: Sequence[int], stage: str) -> dict[int, tuple[Facts, Why]]:
    """By member: what the stage in which they stand in a restated view rests on, and why it is this one."""
    if view.rules is None:
        raise ValueError("what was said then has its reasons with it")
    rows = db.session.execute(facts_sql.of_some(view.rules, as_of=view.day, people=people.find_people(member_ids)))
    found = {row.member_id: Facts(**{name: getattr(row, name) for name in ALL_FACTS}) for row in rows}
    return {member: (facts, _why(facts, view, view.rules, stage)) for member, facts in found.items()}


def _why(facts: Facts, view: View, rules: Rules, stage: str) -> Why:
    """Who is high value but not for what the rules say without a cut point, is among those who spent most."""
    standing = classify(facts, rules, as_of=view.day, cut_fen=None)
    return standing.why if standing.stage == stage else Why.SPENT_MUCH
