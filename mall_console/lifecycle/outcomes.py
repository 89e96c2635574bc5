"""Moves of a month against their targets: met, missed, or nothing to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.insights.monthly import measures, queries
from app.insights.monthly.measures import Unit
from app.insights.monthly.models import MonthMeasure
from app.insights.monthly.queries import Figure
from app.lifecycle.targets import targets, wording
from app.lifecycle.targets.targets import Target, Transition

Kept = Mapping[tuple[date, str], MonthMeasure]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A transition in a month: what was aimed at, what came of it, and what had come of it the month before."""

    transition: Transition
    target: Target
    figure: Figure
    before: Figure

    @property
    def code(self) -> str:
        return measures.code_of(self.transition)

    @property
    def name(self) -> str:
        return wording.TRANSITIONS[self.transition.value]

    @property
    def base(self) -> str:
        """Of whom the share is, in words."""
        return wording.BASES[self.transition.value]

    @property
    def is_met(self) -> bool | None:
        """None where nothing is aimed at, or nobody's days were over."""
        if self.target.share_bps is None or self.figure.share is None:
            return None
        return self.figure.share.reaches(self.target.share_bps)

    @property
    def tone(self) -> str:
        return {True: "good", False: "bad", None: "plain"}[self.is_met]

    @property
    def verdict(self) -> str:
        if self.is_met is None:
            return "未设目标" if self.target.share_bps is None else "暂无人期满"
        return "达标" if self.is_met else "未达标"

    @property
    def aim(self) -> str:
        """What is aimed at, in words."""
        if self.target.share_bps is None:
            return f"{self.target.days} 天内，未设比例"
        return f"{self.target.days} 天内 ≥ {self.target.share_bps / 100:g}%"


def of_month(kept: Kept, month: date, before: date, *, last: date) -> list[Outcome]:
    """Every transition of a month that was counted up to its last day, by the targets in force then."""
    aimed = targets.in_force(last)
    return [_outcome(one, aimed[one], kept, month, before) for one in Transition]


def read_month(mall_id: int, month: date, *, last: date) -> list[Outcome]:
    """The transitions of a month as it was counted up to its last day, compared with nothing before it."""
    return of_month(queries.list_measures(mall_id, [month]), month, month, last=last)


def _outcome(transition: Transition, target: Target, kept: Kept, month: date, before: date) -> Outcome:
    code = measures.code_of(transition)
    now, then = (queries.figure(Unit.SHARE, kept.get((at, code))) for at in (month, before))
    held = Target(now.days, target.share_bps) if now.days else target
    return Outcome(transition, held, now, then)
