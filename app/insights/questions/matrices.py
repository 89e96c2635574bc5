"""The migration matrix of a mall: who stood where at the ends of two days, and whether that is up or down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.money import Share
from app.lifecycle.stages import moved
from app.lifecycle.stages.models import AT_RISK, LADDER, NOWHERE, Stage

# From the least to the most: who is at risk stands below the whole ladder, whoever was lost at the bottom.
_RANKS = {stage.value: rank for rank, stage in enumerate((*reversed(AT_RISK), *LADDER))}


class Direction(StrEnum):
    """Where a move leads; `came` and `went` are of those who stood nowhere at one of the ends."""

    STAYED = "stayed"
    RISEN = "risen"
    FALLEN = "fallen"
    CAME = "came"
    WENT = "went"


@dataclass(frozen=True, slots=True)
class Cell:
    """Members who stood in one stage and then in another; `share` of all who stood in the first, None of those who
    stood nowhere."""

    old_stage: str
    stage: str
    members: int
    share: Share | None

    @property
    def direction(self) -> Direction:
        return direction(self.old_stage, self.stage)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Counts by the stages of two days; see `moved.count`."""

    first: date
    second: date
    counts: Mapping[tuple[str, str], int]

    def cell(self, old_stage: str, stage: str) -> Cell:
        """One cell, with its share of the row."""
        members, of = self.counts.get((old_stage, stage), 0), self.stood_first(old_stage)
        return Cell(old_stage, stage, members, None if old_stage == NOWHERE else Share.of(members, of))

    def stood_first(self, stage: str) -> int:
        """How many stood in the stage on the first day."""
        return sum(members for (old, _), members in self.counts.items() if old == stage)

    def stood_second(self, stage: str) -> int:
        """How many stood in the stage on the second day."""
        return sum(members for (_, new), members in self.counts.items() if new == stage)

    def total(self, *directions: Direction) -> int:
        """How many members moved in one of these directions."""
        return sum(members for pair, members in self.counts.items() if direction(*pair) in directions)

    @property
    def stood_before(self) -> int:
        """How many stood anywhere on the first day."""
        return sum(members for (old, _), members in self.counts.items() if old != NOWHERE)

    def greatest(self, most: int) -> list[Cell]:
        """The moves of most members, from one stage to another."""
        moves = [pair for pair in self.counts if direction(*pair) in (Direction.RISEN, Direction.FALLEN)]
        ordered = sorted(moves, key=lambda pair: (-self.counts[pair], pair))
        return [self.cell(*pair) for pair in ordered[:most]]


def read(mall_id: int, first: date, second: date) -> Matrix:
    """The matrix of the members whose home the mall is, as was said on those days."""
    return Matrix(first, second, moved.count(first, second, mall_id=mall_id))


def direction(old_stage: str, stage: str) -> Direction:
    """Whether coming from one stage to another is up or down."""
    if old_stage == stage:
        return Direction.STAYED
    if old_stage == NOWHERE:
        return Direction.CAME
    if stage == NOWHERE:
        return Direction.WENT
    return Direction.RISEN if _RANKS[stage] > _RANKS[old_stage] else Direction.FALLEN


STAGES = (*LADDER, *AT_RISK)
_KNOWN = {stage.value for stage in Stage}


def is_stage(code: str) -> bool:
    """Whether somebody can stand there."""
    return code in _KNOWN
