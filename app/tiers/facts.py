"""The facts of growth that is given for a day's behaviour."""

from datetime import date

from app.kernel.facts import Fact


def visit_day(day: date) -> Fact:
    """Having been in the mall on a day."""
    return Fact("visit-day", day.isoformat())


def interaction_day(day: date) -> Fact:
    """Having taken part on a day."""
    return Fact("interaction-day", day.isoformat())
