"""How a mall's members stand by stage: how many on a day, who came and went in a span, how far and how fast they moved.

The sums by day (`StageFlow`) tell all but how fast; of days that no night has summed yet, the changes themselves do.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from app.insights.questions.figures import Span
from app.kernel.db import db
from app.kernel.money import Share
from app.lifecycle.stages import moved, nights
from app.lifecycle.stages.models import AT_RISK, LADDER, NOWHERE, MemberStage, Stage, StageChange, StageFlow

# From one stage to another, either empty as in `StageFlow` → how many members.
Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Moves:
    """Who went from one stage to another in a span; `unseen`: of those who came, who joined without having been seen.

    They were visitors until they joined: for the step from visitor to member they count as those whom a night had seen.
    """

    counts: Counts
    unseen: int

    def entries(self, stage: Stage) -> int:
        """How many came to the stage."""
        return sum(count for (_, new), count in self.counts.items() if new == stage)

    def exits(self, stage: Stage) -> int:
        """How many left it, for another stage or for good."""
        return sum(count for (old, _), count in self.counts.items() if old == stage)

    def net(self, stage: Stage) -> int:
        """How many more the stage has after them."""
        return self.entries(stage) - self.exits(stage)

    def between(self, old: Sequence[str], new: Sequence[str]) -> int:
        """How many went from one of these stages to one of those."""
        return sum(count for (one, other), count in self.counts.items() if one in old and other in new)


@dataclass(frozen=True, slots=True)
class Standing:
    """A stage at the end of a span: its members, those of the day before the span, and who came and went in it."""

    stage: Stage
    members: int
    before: int
    entries: int
    exits: int


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder: how many took it or went further in a span, of how many who could, and in how many days.

    Who joined is a visitor who did, whether a night had seen them before or not: `unseen` of them it had not, so that
    they neither came to the lower stage nor left it.
    `share` is None when nobody could; `median_days`, between coming to the lower stage and leaving it upwards, is
    None when nobody did.
    """

    stage: Stage
    reached: int
    of: int
    median_days: float | None
    unseen: int = 0

    @property
    def share(self) -> Share | None:
        return Share.of(self.reached, self.of)


@dataclass(frozen=True, slots=True)
class Picture:
    """All stages of a mall over a span, the steps between those of the ladder, and who fell off it and came back."""

    standings: Mapping[Stage, Standing]
    steps: Mapping[Stage, Step]
    fell: int
    returned: int


def read(mall_id: int, span: Span, *, median_days: Mapping[Stage, float] | None = None) -> Picture:
    """How the members whose home the mall is stood and moved in a span of days; `median_days` where they are kept."""
    moves = list_moves(mall_id, first=span.first_day, last=span.last_day)
    after = count_on(mall_id, span.last_day)
    before = {stage: after[stage] - moves.net(stage) for stage in Stage}
    medians = median_days_each(span, mall_id=mall_id).get(mall_id, {}) if median_days is None else median_days
    return Picture(
        {stage: _standing(stage, after[stage], before[stage], moves) for stage in Stage},
        {stage: _step(stage, before[stage], moves, medians.get(stage)) for stage in LADDER[:-1]},
        fell=moves.between(LADDER, AT_RISK),
        returned=moves.between(AT_RISK, LADDER),
    )


def count_on(mall_id: int, day: date) -> dict[Stage, int]:
    """How many members stood in each stage at the end of a day: those of the present less who has moved since."""
    rows = db.session.execute(
        select(MemberStage.stage, func.count())
        .where(MemberStage.home_mall_id == mall_id, MemberStage.stage != NOWHERE)
        .group_by(MemberStage.stage)
    )
    present = dict(rows.tuples().all())
    since = list_moves(mall_id, first=date.fromordinal(day.toordinal() + 1), last=date.max)
    return {stage: present.get(stage, 0) - since.net(stage) for stage in Stage}


def list_moves(mall_id: int, *, first: date, last: date) -> Moves:
    """How many members went from one stage to another on these days."""
    night = nights.find_last()
    summed_until = night.day if night is not None else date.min
    places = (StageFlow.old_stage, StageFlow.stage)
    flows = (
        select(*places, func.sum(StageFlow.members), func.sum(StageFlow.joined))
        .where(StageFlow.home_mall_id == mall_id, StageFlow.day.between(first, last))  # leavers' are summed at once
        .group_by(*places)
    )
    found = list(db.session.execute(flows).tuples())
    if last > summed_until:
        found += db.session.execute(_unsummed(mall_id, max(first, summed_until), summed_until)).tuples()
    counts: Counter[tuple[str, str]] = Counter()
    for old, new, members, _ in found:
        counts[old, new] += int(members)
    return Moves(counts, sum(int(joined) for *_, joined in found))


def _unsummed(mall_id: int, first: date, summed_until: date) -> Select[Any]:
    """What acts have moved since the last night."""
    one = StageChange
    return (
        select(one.old_stage, one.stage, func.count(), func.count().filter(moved.joined_unseen(one)))
        .where(one.day >= first, one.day > summed_until, one.home_mall_id == mall_id, one.old_stage != one.stage)
        .group_by(one.old_stage, one.stage)
    )


def _standing(stage: Stage, members: int, before: int, moves: Moves) -> Standing:
    return Standing(stage, members, before, moves.entries(stage), moves.exits(stage))


def _step(stage: Stage, before: int, moves: Moves, median_days: float | None) -> Step:
    unseen = moves.unseen if stage is Stage.VISITOR else 0
    reached = moves.between([stage], LADDER[LADDER.index(stage) + 1 :])
    return Step(stage, reached + unseen, before + moves.entries(stage) + unseen, median_days, unseen)


def median_days_each(span: Span, *, mall_id: int | None = None) -> dict[int, dict[Stage, float]]:
    """By home mall and the lower stage of a step: half of those who took it in the span did so within so many days.

    Who joined without having been seen before did so on the day they came.
    """
    stays = union_all(_stays(span, mall_id), _unseen(span, mall_id)).subquery("stays")
    medians = select(
        stays.c.home_mall_id, stays.c.old_stage, func.percentile_cont(0.5).within_group(stays.c.days)
    ).group_by(stays.c.home_mall_id, stays.c.old_stage)
    found: dict[int, dict[Stage, float]] = {}
    for mall, stage, days in db.session.execute(medians):
        found.setdefault(mall, {})[Stage(stage)] = float(days)
    return found


def _stays(span: Span, mall_id: int | None) -> Select[Any]:
    """Home mall, stage, and for how many days somebody stood there who left it upwards in the span."""
    left, came = aliased(StageChange), aliased(StageChange)
    up = [and_(left.old_stage == stage, left.stage.in_(LADDER[at + 1 :])) for at, stage in enumerate(LADDER[:-1])]
    return (
        select(
            left.home_mall_id,
            left.old_stage,
            type_coerce(left.day - func.max(came.day), Integer).label("days"),
        )
        .join(came, and_(came.member_id == left.member_id, came.stage == left.old_stage, came.id < left.id))
        .where(*_in_span(left, span, mall_id), or_(*up), came.old_stage != came.stage)
        .group_by(left.member_id, left.id, left.home_mall_id, left.old_stage, left.day)
    )


def _unseen(span: Span, mall_id: int | None) -> Select[Any]:
    one = StageChange
    stage, days = literal(Stage.VISITOR.value).label("old_stage"), literal(0, Integer).label("days")
    return select(one.home_mall_id, stage, days).where(*_in_span(one, span, mall_id), moved.joined_unseen(one))


def _in_span(change: Any, span: Span, mall_id: int | None) -> list[ColumnElement[bool]]:
    of_mall = [] if mall_id is None else [change.home_mall_id == mall_id]
    return [change.day.between(span.first_day, span.last_day), *of_mall]
