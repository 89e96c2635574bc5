"""Why members stand where they do, in sentences: of the present, and of each change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.kernel import clock
from app.lifecycle.rules import rule_sets
from app.lifecycle.rules.rule_sets import Rules
from app.lifecycle.stages import nights, queries, rules
from app.lifecycle.stages.models import ALL_FACTS, MemberStage, StageChange
from app.lifecycle.stages.rules import Facts
from app.lifecycle.stages.wording import explain


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the present stages rest on."""

    rules: Rules
    day: date
    cut_fen: int | None


def of_standings(rows: Iterable[MemberStage]) -> dict[int, str]:
    """By member: why they stand where they stand now, with days counted until today.

    Whom an act has moved since the last night stands there because of it: their facts are still those of the night.
    """
    ground, standing = _ground(), list(rows)
    moved = [row.member_id for row in standing if ground is None or row.since > ground.day]
    acts = queries.list_last_changes(moved) if moved else ()
    found = {one.member_id: _explain_change(one, on=_today()) for one in acts}
    if ground is not None:
        found |= {row.member_id: _of_standing(row, ground) for row in standing if row.member_id not in found}
    return found


def of_change(change: StageChange) -> str:
    """Why a member came to where the change brought them, as it was on that day."""
    return _explain_change(change, on=change.day)


def _explain_change(change: StageChange, *, on: date) -> str:
    return explain(change.why, change, rule_sets.of(change.rules_id), on=on)


def _ground() -> _Ground | None:
    night = nights.find_last()
    if night is None:
        return None
    return _Ground(rule_sets.of(night.rules_id), night.day, queries.find_cut(night.day))


def _of_standing(row: MemberStage, ground: _Ground) -> str:
    """The stage is that of the last night; how long ago something was, is as of today."""
    facts = Facts(**{name: getattr(row, name) for name in ALL_FACTS})
    why = rules.classify(facts, ground.rules, as_of=ground.day, cut_fen=ground.cut_fen).why
    return explain(why, row, ground.rules, on=_today())


def _today() -> date:
    return clock.business_date(clock.now())
