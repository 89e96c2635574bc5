"""What a month comes to beside the month before: stages, steps, targets, measures and moves, for page and paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.insights.monthly import moves, queries
from app.insights.monthly.measures import Aim
from app.insights.monthly.periods import last_day
from app.insights.questions import stages
from app.insights.questions.figures import Span
from app.insights.questions.matrices import Cell, Direction, Matrix
from app.insights.questions.stages import Picture, Standing, Step
from app.kernel import clock
from app.lifecycle.stages.models import AT_RISK, LADDER, Stage
from mall_console.lifecycle import outcomes
from mall_console.lifecycle.figures import telling
from mall_console.lifecycle.figures.months import Month
from mall_console.lifecycle.figures.telling import Told
from mall_console.lifecycle.outcomes import Outcome

_GREATEST = 6
STAGES = (*LADDER, *AT_RISK)


@dataclass(frozen=True, slots=True)
class Review:
    """A month and the one before it."""

    month: Month
    picture: Picture
    picture_before: Picture
    outcomes: Sequence[Outcome]
    told: Mapping[Aim, Sequence[Told]]
    matrix: Matrix
    matrix_before: Matrix

    @property
    def standings(self) -> list[tuple[Standing, Standing]]:
        """Each stage in both months."""
        return [(self.picture.standings[one], self.picture_before.standings[one]) for one in STAGES]

    @property
    def steps(self) -> list[tuple[Step, Step]]:
        """Each step of the ladder in both months."""
        return [(self.picture.steps[one], self.picture_before.steps[one]) for one in LADDER[:-1]]

    @property
    def measured(self) -> list[tuple[Aim, Told]]:
        """The measures for which there are facts."""
        return [(aim, one) for aim, found in self.told.items() for one in found if not one.reason]

    @property
    def moves(self) -> list[tuple[Cell, Cell]]:
        """The moves of most members, with those of the month before."""
        return [(one, self.matrix_before.cell(one.old_stage, one.stage)) for one in self.matrix.greatest(_GREATEST)]

    @property
    def directions(self) -> list[tuple[str, int, int]]:
        """How many rose, fell and stayed, in both months."""
        named = (("上升", Direction.RISEN), ("下滑", Direction.FALLEN), ("不变", Direction.STAYED))
        return [(name, self.matrix.total(one), self.matrix_before.total(one)) for name, one in named]

    @property
    def joined(self) -> tuple[int, int]:
        """How many had joined at the end of both months."""
        now, before = (
            sum(one.members for stage, one in picture.standings.items() if stage is not Stage.VISITOR)
            for picture in (self.picture, self.picture_before)
        )
        return now, before


def read(mall_id: int, month: Month) -> Review:
    """The review of a mall's month."""
    kept = queries.list_measures(mall_id, [month.first, month.before])
    before = Month(month.before, last_day(month.before))
    return Review(
        month,
        _picture(mall_id, month),
        _picture(mall_id, before),
        outcomes.of_month(kept, month.first, month.before, last=month.last),
        telling.of_stages(kept, month.first, month.before),
        _matrix(mall_id, month),
        _matrix(mall_id, before),
    )


def _picture(mall_id: int, month: Month) -> Picture:
    span = Span(clock.start_of_day(month.first), clock.end_of_day(month.last))
    return stages.read(mall_id, span, median_days=moves.list_median_days(mall_id, month.first))


def _matrix(mall_id: int, month: Month) -> Matrix:
    return moves.read_matrix(mall_id, month.period.before, month.last)
