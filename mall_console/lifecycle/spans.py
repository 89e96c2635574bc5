"""Over which days the pages of the lifecycle count: thirty days, a quarter or a year up to the last night's day."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request

from app.insights.questions.figures import Span
from app.kernel import clock
from app.lifecycle.stages import nights
from app.web.forms import written

DEFAULT = "month"
_DAYS = {"week": ("近 7 天", 7), "month": ("近 30 天", 30), "quarter": ("近 90 天", 90), "year": ("近一年", 365)}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A span by its name, and how addresses say it.

    `is_latest`: whether it ends with the last day that is known. `notice` says of which day it is instead of the one
    that was asked for; empty where it is that one.
    """

    name: str
    label: str
    span: Span
    is_latest: bool
    notice: str

    def query(self, **more: str) -> str:
        """The span for an address, with more parameters."""
        pairs = {"range": self.name, "day": self.span.last_day.isoformat(), **more}
        return "&".join(f"{name}={value}" for name, value in pairs.items())


def choices() -> list[tuple[str, str]]:
    """Names and labels of all spans."""
    return [(name, label) for name, (label, _) in _DAYS.items()]


def asked() -> Chosen | None:
    """The span that the request names, ending with the day it names or the last night's; None before a first night.

    Instead of a day that cannot be shown it is the last that can; `notice` says so.

    A stack whose clock was turned back has nights of days to come: none of them is shown before its day is over.
    """
    night = nights.find_last()
    if night is None:
        return None
    name = request.args.get("range", DEFAULT)
    name = name if name in _DAYS else DEFAULT
    latest = min(night.day, nights.last_over(clock.now()))
    typed = request.args.get("day", "").strip()
    last = min(written.find_day(typed) or latest, latest)
    label, days = _DAYS[name]
    span = Span(clock.start_of_day(last - timedelta(days=days - 1)), clock.end_of_day(last))
    return Chosen(name, label, span, last == latest, _notice(typed, last))


def _notice(typed: str, shown: date) -> str:
    """What the page says of the day that was typed."""
    if typed and written.find_day(typed) != shown:
        return f"没有 {written.quoted(typed)} 的分层，下面是 {shown} 的"
    first = nights.find_first() if typed else None
    return f"从 {first} 起才每天计算分层，{shown} 没有当时的记录" if first is not None and shown < first else ""
