"""How a mall's members stand by stage: how many on a day, who came and went in a span, how far and how fast they moved.

The sums by day (`StageFlow`) tell all but how fast; of days that no night has summed yet, the changes themselves do.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, and_, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.insights.questions.figures import Span
from app.kernel import money
from app.kernel.db import db
from app.lifecycle.stages import nights
from app.lifecycle.stages.models import AT_RISK, LADDER, NOWHERE, MemberStage, Stage, StageChange, StageFlow

# From one stage to another, either empty as in `StageFlow` → how many members.
Moves = Mapping[tuple[str, str], int]


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

    `reached_bps` is None when nobody could; `median_days`, between coming to the lower stage and leaving it upwards, is
    None when nobody did.
    """

    stage: Stage
    reached: int
    of: int
    median_days: float | None

    @property
    def reached_bps(self) -> int | None:
        return money.divide(self.reached * 10_000, self.of) if self.of else None


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
    before = {stage: after[stage] - _net(moves, stage) for stage in Stage}
    medians = median_days_each(span, mall_id=mall_id).get(mall_id, {}) if median_days is None else median_days
    return Picture(
        {stage: _standing(stage, after[stage], before[stage], moves) for stage in Stage},
        {stage: _step(stage, before[stage], moves, medians.get(stage)) for stage in LADDER[:-1]},
        fell=sum(count for (old, new), count in moves.items() if old in LADDER and new in AT_RISK),
        returned=sum(count for (old, new), count in moves.items() if old in AT_RISK and new in LADDER),
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
    return {stage: present.get(stage, 0) - _net(since, stage) for stage in Stage}


def list_moves(mall_id: int, *, first: date, last: date) -> Moves:
    """How many members went from one stage to another on these days."""
    night = nights.find_last()
    summed_until = night.day if night is not None else date.min
    flows = select(StageFlow.old_stage, StageFlow.stage, func.sum(StageFlow.members)).where(
        StageFlow.home_mall_id == mall_id,
        StageFlow.day.between(first, last),  # who left is summed up at once
    )
    moves: Counter[tuple[str, str]] = Counter()
    for old, new, count in db.session.execute(flows.group_by(StageFlow.old_stage, StageFlow.stage)):
        moves[old, new] += int(count)
    if last > summed_until:
        moves.update(_unsummed(mall_id, max(first, summed_until), summed_until))
    return moves


def _unsummed(mall_id: int, first: date, summed_until: date) -> Counter[tuple[str, str]]:
    """What acts have moved since the last night."""
    one = StageChange
    rows = db.session.execute(
        select(one.old_stage, one.stage, func.count())
        .where(one.day >= first, one.day > summed_until, one.home_mall_id == mall_id, one.old_stage != one.stage)
        .group_by(one.old_stage, one.stage)
    )
    return Counter({(old, new): int(count) for old, new, count in rows})


def _net(moves: Moves, stage: Stage) -> int:
    return _entries(moves, stage) - _exits(moves, stage)


def _entries(moves: Moves, stage: Stage) -> int:
    return sum(count for (_, new), count in moves.items() if new == stage)


def _exits(moves: Moves, stage: Stage) -> int:
    return sum(count for (old, _), count in moves.items() if old == stage)


def _standing(stage: Stage, members: int, before: int, moves: Moves) -> Standing:
    return Standing(stage, members, before, _entries(moves, stage), _exits(moves, stage))


def _step(stage: Stage, before: int, moves: Moves, median_days: float | None) -> Step:
    higher = LADDER[LADDER.index(stage) + 1 :]
    reached = sum(count for (old, new), count in moves.items() if old == stage and new in higher)
    return Step(stage, reached, before + _entries(moves, stage), median_days)


def median_days_each(span: Span, *, mall_id: int | None = None) -> dict[int, dict[Stage, float]]:
    """By home mall and the lower stage of a step: half of those who took it in the span did so within so many days."""
    left, came = aliased(StageChange), aliased(StageChange)
    up = [and_(left.old_stage == stage, left.stage.in_(LADDER[at + 1 :])) for at, stage in enumerate(LADDER[:-1])]
    stays = (
        select(
            left.home_mall_id,
            left.old_stage,
            type_coerce(left.day - func.max(came.day), Integer).label("days"),
        )
        .join(came, and_(came.member_id == left.member_id, came.stage == left.old_stage, came.id < left.id))
        .where(
            left.day.between(span.first_day, span.last_day),
            *([] if mall_id is None else [left.home_mall_id == mall_id]),
            up[0] | up[1] | up[2] | up[3],
            came.old_stage != came.stage,
        )
        .group_by(left.member_id, left.id, left.home_mall_id, left.old_stage, left.day)
        .subquery("stays")
    )
    medians = select(
        stays.c.home_mall_id, stays.c.old_stage, func.percentile_cont(0.5).within_group(stays.c.days)
    ).group_by(stays.c.home_mall_id, stays.c.old_stage)
    found: dict[int, dict[Stage, float]] = {}
    for mall, stage, days in db.session.execute(medians):
        found.setdefault(mall, {})[Stage(stage)] = float(days)
    return found
