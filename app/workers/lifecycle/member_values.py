"""Counting what members brought and took, a month at most in a transaction of its own."""

import time
from dataclasses import dataclass

from app.flows import values as flow
from app.kernel import clock
from app.kernel.db import atomic
from app.lifecycle.values import values

SLICE_SECONDS = 30.0  # then the worker's process may stop


@dataclass(frozen=True, slots=True)
class Counted:
    """How many days were counted, how many rows they have, and whether more wait."""

    days: int
    rows: int
    more: bool


def count_days(*, seconds: float = SLICE_SECONDS) -> Counted:
    """Count the days that are over, and those told of late, for about so long; workers may run at once."""
    with atomic():
        values.plan(now=clock.now())
    until, days, rows = time.monotonic() + seconds, 0, 0
    while True:
        with atomic():
            done = flow.count_next_days(now=clock.now())
        if done is None:
            return Counted(days, rows, more=False)
        days, rows = days + done[0], rows + done[1]
        if time.monotonic() > until:
            return Counted(days, rows, more=True)
