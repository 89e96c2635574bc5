"""Over which days the first page counts: today, yesterday, seven or thirty days; and what they are compared with.

Before the mall opens there is nothing of today to see: who asks then wants to know how yesterday was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import request

from app.insights.questions import figures
from app.insights.questions.figures import Span
from app.kernel import clock

TODAY, YESTERDAY = "today", "yesterday"
OPENING_HOUR = 10
_WORDS: Mapping[str, tuple[str, int, str]] = {
    TODAY: ("今日", 1, "较上周同日同一时刻"),
    YESTERDAY: ("昨日", 1, "较上周同日"),
    "week": ("近 7 天", 7, "较之前 7 天"),
    "month": ("近 30 天", 30, "较之前 30 天"),
}
_WEEK = 7
CHART_DAYS = 14  # at least: one day is no line


@dataclass(frozen=True, slots=True)
class Range:
    """The chosen days, those they are compared with, and the words for both."""

    name: str
    label: str
    compared: str
    span: Span
    before: Span

    @property
    def days(self) -> int:
        return self.span.days

    def query(self, name: str = "day") -> str:
        """What narrows a list to these days: of a list's days, one by its name, several by the first and the last."""
        first, last = self.span.first_day, self.span.last_day
        return f"{name}={last}" if first == last else f"{name}_from={first}&{name}_to={last}"


def choices() -> list[tuple[str, str]]:
    """Names and labels of all ranges."""
    return [(name, label) for name, (label, _, _) in _WORDS.items()]


def asked(now: datetime) -> Range:
    """The range that the request names; without one today, and before the mall opens yesterday."""
    usual = YESTERDAY if clock.local(now).hour < OPENING_HOUR else TODAY
    name = request.args.get("range", usual)
    name = name if name in _WORDS else usual
    label, days, compared = _WORDS[name]
    span = figures.yesterday(now) if name == YESTERDAY else figures.last_days(now, days)
    return Range(name, label, compared, span, span.earlier(days=max(days, _WEEK)))
