"""What can be asked of the past: views of everybody's stages, compared two by two. Pure data."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from app.kernel import clock
from app.lifecycle.rules.rule_sets import Rules

MONTH_ENDS = 12


@dataclass(frozen=True, slots=True)
class View:
    """Where everybody stood at the end of a day: restated under rules, or without any as it was said then."""

    day: date
    rules: Rules | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who stands where in one view, and where in another."""

    before: View
    after: View


Question = tuple[Comparison, ...]


def about_rules(old: Rules, new: Rules, *, today: date) -> Question:
    """Who would move if other rules held, today and at the ends of the last twelve months, the latest first."""
    return tuple(Comparison(View(day, old), View(day, new)) for day in (today, *_month_ends(today)))


def about_past(day: date, rules: Rules, *, since: date) -> Question:
    """A date restated beside what was said then, and how everybody moved up to it from an earlier one, either way."""
    said, restated = View(day, None), View(day, rules)
    return (
        Comparison(said, restated),
        Comparison(View(since, None), said),
        Comparison(View(since, rules), restated),
    )


def _month_ends(today: date) -> list[date]:
    ends, first = [], clock.first_of_month(today)
    for _ in range(MONTH_ENDS):
        ends.append(first - timedelta(days=1))
        first = clock.first_of_month(ends[-1])
    return ends


def as_data(question: Question) -> list[dict[str, Any]]:
    """A question as JSON holds it."""
    return [{"before": _view_data(one.before), "after": _view_data(one.after)} for one in question]


def read(data: Sequence[dict[str, Any]]) -> Question:
    """The question that `as_data` made."""
    return tuple(Comparison(_read_view(one["before"]), _read_view(one["after"])) for one in data)


def fingerprint(question: Question) -> str:
    """The same for the same question, and for no other."""
    spelled = json.dumps(as_data(question), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(spelled.encode()).hexdigest()


def _view_data(view: View) -> dict[str, Any]:
    return {"day": view.day.isoformat(), "rules": asdict(view.rules) if view.rules else None}


def _read_view(data: dict[str, Any]) -> View:
    return View(date.fromisoformat(data["day"]), Rules(**data["rules"]) if data["rules"] else None)
