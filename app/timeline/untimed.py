"""Behaviours of which only the day is known: their hour stands for the day, and nobody is told it."""

from functools import cache

from sqlalchemy import ColumnElement, or_

from app.kernel import discovery


@cache
def is_untimed() -> ColumnElement[bool]:
    """The condition on events: `UNTIMED` of the packages' untimed_events.py, any of them."""
    return or_(*discovery.listed("UNTIMED", named="untimed_events", below=["app"]))
