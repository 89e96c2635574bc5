"""What addresses call the cells of the matrix, and those who stood in a stage on one day."""

from datetime import date
from typing import NamedTuple

from app.insights.questions import matrices
from app.kernel import clock
from app.kernel.errors import NotFound
from app.lifecycle.stages import nights
from app.lifecycle.stages.models import NOWHERE
from app.web.forms import written

_BETWEEN = "_"


class CellName(NamedTuple):
    """Which cell of which matrix."""

    first: date
    second: date
    old_stage: str
    stage: str

    @property
    def is_of_one_day(self) -> bool:
        """Whether it is of those who stood in a stage at the end of a day."""
        return self.first == self.second and self.old_stage == self.stage


def key_of(first: date, second: date, old_stage: str, stage: str) -> str:
    """What addresses call a cell."""
    return _BETWEEN.join((first.isoformat(), second.isoformat(), old_stage, stage))


def key_of_day(day: date, stage: str) -> str:
    """What addresses call those who stood in a stage at the end of a day."""
    return key_of(day, day, stage, stage)


def find_cell(key: str) -> CellName:
    """The cell that an address names; raises NotFound for none, and for those who stand nowhere any more."""
    cell = _read(key)
    if cell is None:
        raise NotFound(cell=key)
    return cell


def is_cell(key: str) -> bool:
    """Whether there is a cell that addresses call so."""
    return _read(key) is not None


def _read(key: str) -> CellName | None:
    first, second, old_stage, stage = (key.split(_BETWEEN) + [""] * 4)[:4]
    days, night = [written.find_day(first), written.find_day(second)], nights.find_last()
    last = clock.business_date(clock.now()) if night is None else night.day
    knows = (old_stage == NOWHERE or matrices.is_stage(old_stage)) and matrices.is_stage(stage)
    if not knows or days[0] is None or days[1] is None or not days[0] <= days[1] <= last:
        return None
    return CellName(days[0], days[1], old_stage, stage)
