"""Working out where everybody stood, day by day, once days are over."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime

from app.kernel.db import atomic
from app.lifecycle.backfill import backfill as many_days
from app.lifecycle.stages import nights
from app.lifecycle.stages.models import LifecycleNight
from app.lifecycle.stages.shares.working import Beside


def run_nights(
    *,
    until: date | None = None,
    now: datetime,
    beside: Callable[[], AbstractContextManager[Beside | None]] = nullcontext,
) -> list[LifecycleNight]:
    """Work out every day up to one, by default the last that is over, each in a transaction of its own.

    Returns the nights that this call did; any number of workers may run at once. Raises DayNotOver and Busy.
    """
    last = nights.last_over(now) if until is None else until
    with atomic():
        missed = nights.list_missed(until=last, now=now)
    done = []
    for day in missed:
        with beside() as others, atomic():
            night = nights.run(day, now=now, beside=others)
        done += [] if night is None else [night]
    return done


def backfill(*, since: date, until: date | None = None, now: datetime) -> list[LifecycleNight]:
    """Work out the days from one on, as known now, for a history that came in at once; nothing once nights have begun.

    Some days at a time, each time a transaction of its own; where this is broken off, nights go on day by day. Raises
    DayNotOver.
    """
    last = nights.last_over(now) if until is None else until
    with atomic():
        pieces = [] if nights.find_last() else many_days.list_spans(since, last)
    done = []
    for piece in pieces:
        with atomic():
            done += many_days.run(*piece, now=now)
    return done
