"""Working tags out for the last day that is over, once; a day that was missed is not made up for."""

from datetime import date, timedelta

from app.flows import tags
from app.kernel import clock
from app.kernel.db import atomic
from app.lifecycle.tags.computed.tags import Done


def work_out_last_day() -> Done | None:
    """Work out the day before this one; None when that is done. May run twice at once: one does it."""
    day = clock.business_date(clock.now()) - timedelta(days=1)
    with atomic():
        return tags.work_out_tags(day, anew=False, now=clock.now())


def work_out_day(day: date) -> Done | None:
    """Work out a day, anew if that was done. Raises TagsWorkedOutLater."""
    with atomic():
        return tags.work_out_tags(day, anew=True, now=clock.now())
