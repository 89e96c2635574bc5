"""Over which days the pages of the lifecycle count: thirty days, a quarter or a year up to the last night's day."""

from dataclasses import dataclass
from datetime import timedelta

from flask import request

from app.insights.questions.figures import Span
from app.kernel import clock
from app.lifecycle.stages import nights
from app.web.forms import written

DEFAULT = "month"
_DAYS = {"week": ("近 7 天", 7), "month": ("近 30 天", 30), "quarter": ("近 90 天", 90), "year": ("近一年", 365)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A span by its name, and how addresses say it."""

    name: str
    label: str
    span: Span

    def query(self, **more: str) -> str:
        """The span for an address, with more parameters."""
        pairs = {"range": self.name, "day": self.span.last_day.isoformat(), **more}
        return "&".join(f"{name}={value}" for name, value in pairs.items())


def choices() -> list[tuple[str, str]]:
    """Names and labels of all spans."""
    return [(name, label) for name, (label, _) in _DAYS.items()]


def asked() -> Chosen | None:
    """The span that the request names, ending with the day it names or the last night's; None before a first night.

    A stack whose clock was turned back has nights of days to come: none of them is shown before its day is over.
    """
    night = nights.find_last()
    if night is None:
        return None
    name = request.args.get("range", DEFAULT)
    name = name if name in _DAYS else DEFAULT
    latest = min(night.day, nights.last_over(clock.now()))
    last = min(written.find_day(request.args.get("day", "")) or latest, latest)
    label, days = _DAYS[name]
    span = Span(clock.start_of_day(last - timedelta(days=days - 1)), clock.end_of_day(last))
    return Chosen(name, label, span)
