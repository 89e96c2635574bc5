"""Figures in words: what they come to, and how far they are from those of the month before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.insights.monthly import measures, queries, wording
from app.insights.monthly.measures import JOIN_RATE, NOT_YET, OF_STAGES, Aim, Unit
from app.insights.monthly.models import MonthMeasure
from app.insights.monthly.queries import Figure
from app.web import filters


@dataclass(frozen=True, slots=True)
class Told:
    """A measure of a month for a page; `tone` is good or bad where its change is, `reason` why there is none yet."""

    code: str
    name: str
    meaning: str
    figure: Figure
    before: Figure
    is_less_better: bool = False
    reason: str = ""

    @property
    def base(self) -> str:
        """Over whom it is, in words; empty where there is nothing yet."""
        return wording.BASES.get(self.code, "")

    @property
    def text(self) -> str:
        return text_of(self.figure)

    @property
    def text_before(self) -> str:
        return text_of(self.before)

    @property
    def change(self) -> str:
        """How far it is from the month before; empty when one of both is nothing."""
        by = self._change()
        if by is None:
            return ""
        if not by:
            return "持平"
        sign = "+" if by > 0 else "−"
        if self.figure.share is not None:
            return f"{sign}{abs(by) / 10:.1f} 个百分点"
        return f"{sign}{abs(by) / 100:.2f} {wording.UNITS[self.figure.unit.value]}"

    @property
    def tone(self) -> str:
        by = self._change() or 0
        if self.is_less_better:
            by = -by
        return "good" if by > 0 else "bad" if by < 0 else ""

    def _change(self) -> int | None:
        """In hundredths of the unit; between shares, as they are shown, in thousandths."""
        if self.figure.share is not None and self.before.share is not None:
            return self.figure.share.permille - self.before.share.permille
        now, then = self.figure.value, self.before.value
        return None if now is None or then is None else now - then


Kept = Mapping[tuple[date, str], MonthMeasure]


def of_stages(kept: Kept, month: date, before: date) -> dict[Aim, list[Told]]:
    """Every measure by the stage it belongs to; those that no fact tells yet behind the others."""
    units = {JOIN_RATE: (Aim.VISITOR, Unit.SHARE, False)} | {
        one.code: (one.aim, one.unit, one.is_less_better) for one in OF_STAGES.values()
    }
    told: dict[Aim, list[Told]] = {aim: [] for aim in Aim}
    for code, (aim, unit, is_less_better) in units.items():
        now, then = (queries.figure(unit, kept.get((at, code))) for at in (month, before))
        told[aim].append(Told(code, *wording.MEASURES[code], now, then, is_less_better))
    nothing = Figure(Unit.SHARE, 0, 0, None)
    for code, aim in NOT_YET.items():
        name, meaning, reason = wording.NOT_YET[code]
        told[aim].append(Told(code, name, meaning, nothing, nothing, reason=reason))
    return told


def text_of(figure: Figure) -> str:
    """A figure in words: `12.3%`, `3.25 次`; a dash for nothing."""
    if figure.value is None:
        return "—"
    if figure.share is not None:
        return filters.share_text(figure.share)
    return f"{figure.value / 100:.2f} {wording.UNITS[figure.unit.value]}"


def sides_of(measure: measures.Measure) -> tuple[str, str]:
    """What is said of who has what a share counts, and of who has not."""
    return wording.SIDES.get(measure.code, wording.USUAL_SIDES)


def value_text(measure: measures.Measure, value: float | None) -> str:
    """What one member had of a measure."""
    if value is None:
        return "—"
    if measure.unit is Unit.SHARE:
        has, has_not = sides_of(measure)
        return has if value > 0 else has_not
    return f"{value:g}%" if measure.unit is Unit.PERCENT else f"{round(value, 2):g} {wording.UNITS[measure.unit.value]}"
