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
    """By member: why they stand where they stand now, with days counted until today."""
    ground = _ground()
    return {} if ground is None else {row.member_id: _of_standing(row, ground) for row in rows}


def of_change(change: StageChange) -> str:
    """Why a member came to where the change brought them, as it was on that day."""
    return explain(change.why, change, rule_sets.of(change.rules_id), on=change.day)


def _ground() -> _Ground | None:
    night = nights.find_last()
    if night is None:
        return None
    return _Ground(rule_sets.of(night.rules_id), night.day, queries.find_cut(night.day))


def _of_standing(row: MemberStage, ground: _Ground) -> str:
    """The stage is that of the last night, or of an act since then; how long ago something was, is as of today."""
    on = max(ground.day, row.since)
    facts = Facts(**{name: getattr(row, name) for name in ALL_FACTS})
    why = rules.classify(facts, ground.rules, as_of=on, cut_fen=ground.cut_fen).why
    return explain(why, row, ground.rules, on=clock.business_date(clock.now()))
